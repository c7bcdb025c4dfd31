// SPDX-License-Identifier: EPL-2.0
/** The command line, a face of the assembly; exports nothing. */
@NullMarked
package org.althing.cli;

import org.jspecify.annotations.NullMarked;
