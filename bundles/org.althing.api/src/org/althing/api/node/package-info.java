// SPDX-License-Identifier: EPL-2.0
/** Starting a node in this process, and reaching one that runs in another. */
@NullMarked
package org.althing.api.node;

import org.jspecify.annotations.NullMarked;
