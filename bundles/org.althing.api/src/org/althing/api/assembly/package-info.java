// SPDX-License-Identifier: EPL-2.0
/** All use cases of a node, as every face (CLI, page, workbench) sees them. */
@NullMarked
package org.althing.api.assembly;

import org.jspecify.annotations.NullMarked;
