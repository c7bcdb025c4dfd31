// SPDX-License-Identifier: EPL-2.0
/** The commands as people type them, against a real node. */
@NullMarked
package org.althing.itest.cli;

import org.jspecify.annotations.NullMarked;
