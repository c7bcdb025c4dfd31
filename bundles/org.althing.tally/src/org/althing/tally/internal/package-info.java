// SPDX-License-Identifier: EPL-2.0
/** The tally engine, and the readers of ballot files. */
@NullMarked
package org.althing.tally.internal;

import org.jspecify.annotations.NullMarked;
