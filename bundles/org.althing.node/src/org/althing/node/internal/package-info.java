// SPDX-License-Identifier: EPL-2.0
/** The conductor: one pipeline a DAO, the assembly of all use cases, the local door. */
@NullMarked
package org.althing.node.internal;

import org.jspecify.annotations.NullMarked;
