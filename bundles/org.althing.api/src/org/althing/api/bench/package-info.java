// SPDX-License-Identifier: EPL-2.0
/** Measurements that {@code althing bench NAME} runs. */
@NullMarked
package org.althing.api.bench;

import org.jspecify.annotations.NullMarked;
