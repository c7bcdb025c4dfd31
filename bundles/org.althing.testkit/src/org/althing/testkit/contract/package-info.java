// SPDX-License-Identifier: EPL-2.0
/** Tests that every provider of a contract must pass; a provider's own tests extend them. */
@NullMarked
package org.althing.testkit.contract;

import org.jspecify.annotations.NullMarked;
