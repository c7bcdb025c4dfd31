// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Rules} look at.
 *
 * @param path as it was sent
 * @param host the field, with its port
 * @param target host of the request line if it names one, else that of the field
 * @param fetchSite what a browser says of who asks
 * @param remote address of the client
 * @param local address that the client reached
 */
record Knock(
        String method,
        String path,
        @Nullable String host,
        @Nullable String target,
        @Nullable String origin,
        @Nullable String fetchSite,
        String remote,
        String local) {}
