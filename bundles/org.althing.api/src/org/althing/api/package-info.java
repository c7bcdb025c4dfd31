// SPDX-License-Identifier: EPL-2.0
/** The values that every part of Althing names things by: content identifiers, keys and signatures. */
@NullMarked
package org.althing.api;

import org.jspecify.annotations.NullMarked;
