// SPDX-License-Identifier: EPL-2.0
/** Sealing by a notary that is alone: a pure engine, and the service that makes it. */
@NullMarked
package org.althing.notary.internal;

import org.jspecify.annotations.NullMarked;
