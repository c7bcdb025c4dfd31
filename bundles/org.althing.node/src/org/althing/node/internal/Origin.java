// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

/** Who brings an entry. The door is the same; a face is also told what would be of no use to its user. */
enum Origin {
    FACE,
    PEER,
    /** This node's own notary. */
    NOTARY
}
