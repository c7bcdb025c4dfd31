// SPDX-License-Identifier: EPL-2.0
/** The assembly of a node in another process of this machine. */
@NullMarked
package org.althing.client.internal;

import org.jspecify.annotations.NullMarked;
