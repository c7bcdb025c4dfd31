// SPDX-License-Identifier: EPL-2.0
/** The demo: a DAO of 482 members replays two real elections. */
@NullMarked
package org.althing.cli.internal.demo;

import org.jspecify.annotations.NullMarked;
