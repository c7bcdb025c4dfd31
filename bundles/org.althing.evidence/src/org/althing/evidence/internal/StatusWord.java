// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.Locale;
import org.althing.api.governance.ProposalStatus;

/** The word that stands for a status in reports. */
final class StatusWord {

    private StatusWord() {}

    static String of(ProposalStatus status) {
        return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
