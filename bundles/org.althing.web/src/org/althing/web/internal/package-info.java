// SPDX-License-Identifier: EPL-2.0
/** The HTTP door of a node: API, live events, metrics, page. */
@NullMarked
package org.althing.web.internal;

import org.jspecify.annotations.NullMarked;
