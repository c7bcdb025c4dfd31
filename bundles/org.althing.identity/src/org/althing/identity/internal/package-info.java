// SPDX-License-Identifier: EPL-2.0
/** Keystores in files: {@link org.althing.identity.internal.FileKeystore} is the service, {@link org.althing.identity.internal.SealedFile} the format. */
@NullMarked
package org.althing.identity.internal;

import org.jspecify.annotations.NullMarked;
