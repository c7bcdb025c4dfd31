// SPDX-License-Identifier: EPL-2.0
/** How a node hands its DAOs to those who exchange entries and seals with peers, and takes in what these bring. */
@NullMarked
package org.althing.api.sync;

import org.jspecify.annotations.NullMarked;
