// SPDX-License-Identifier: EPL-2.0
/** Files that several bundles keep in the data folder or write for the user, made in one way. */
@NullMarked
package org.althing.api.files;

import org.jspecify.annotations.NullMarked;
