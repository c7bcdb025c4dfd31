// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

import java.util.List;
import org.althing.api.PublicKey;

/**
 * A node whose signature counts towards seals.
 *
 * @param key its notary key
 * @param addresses multiaddrs where it can be reached
 */
public record Notary(PublicKey key, List<String> addresses) {
    public Notary {
        addresses = List.copyOf(addresses);
    }
}
