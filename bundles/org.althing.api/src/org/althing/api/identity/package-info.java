// SPDX-License-Identifier: EPL-2.0
/** A member's keys: where they are kept, and how they sign. */
@NullMarked
package org.althing.api.identity;

import org.jspecify.annotations.NullMarked;
