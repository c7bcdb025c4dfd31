// SPDX-License-Identifier: EPL-2.0
/** Peers of the local network, by multicast DNS. */
@NullMarked
package org.althing.discovery.internal.mdns;

import org.jspecify.annotations.NullMarked;
