// SPDX-License-Identifier: EPL-2.0
/** Signed records: what members and notaries say. The bytes are described in docs/formats/althing.cddl. */
@NullMarked
package org.althing.api.entry;

import org.jspecify.annotations.NullMarked;
