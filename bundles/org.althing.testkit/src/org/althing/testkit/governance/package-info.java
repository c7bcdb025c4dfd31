// SPDX-License-Identifier: EPL-2.0
/** A DAO to test with: people, notaries, signed entries and seals, all from names and a virtual clock. */
@NullMarked
package org.althing.testkit.governance;

import org.jspecify.annotations.NullMarked;
