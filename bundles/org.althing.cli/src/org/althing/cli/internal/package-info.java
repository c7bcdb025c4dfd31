// SPDX-License-Identifier: EPL-2.0
/** The command line: one thin shell over the services of the bundles below. */
@NullMarked
package org.althing.cli.internal;

import org.jspecify.annotations.NullMarked;
