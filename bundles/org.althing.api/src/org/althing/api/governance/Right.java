// SPDX-License-Identifier: EPL-2.0
package org.althing.api.governance;

/** What a role may allow. */
public enum Right {
    PROPOSE,
    SPONSOR,
    VOTE,
    COMMENT,
    VETO
}
