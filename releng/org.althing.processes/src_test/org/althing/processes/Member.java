// SPDX-License-Identifier: EPL-2.0
package org.althing.processes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.codec.EntryCodec;
import org.althing.codec.EntryCodec.Draft;
import org.althing.testkit.governance.TestMember;

/**
 * A member at her own node. She keeps the chain of her key herself, and hands an entry in until the node has acknowledged it, whatever becomes
 * of the node meanwhile.
 */
final class Member {

    private final TestMember keys;
    private final Cid dao;
    private final List<Cid> acknowledged = new ArrayList<>();
    private long sequence;
    private Cid previous;
    private byte[] open;

    Member(TestMember keys, Cid dao) {
        this.keys = keys;
        this.dao = dao;
    }

    TestMember keys() {
        return keys;
    }

    /** What a node has promised to keep. */
    List<Cid> acknowledged() {
        return acknowledged;
    }

    /** Signs the next entry, unless one is still to be handed in, and tries once. */
    boolean say(NodeProcess node, Body body) throws IOException {
        if (open == null) {
            open = sign(node, body);
        }
        node.ask("submit", open, 0);
        previous = Cid.hash(open);
        acknowledged.add(previous);
        sequence++;
        open = null;
        return true;
    }

    /** Her next entry, as long as none is handed in. */
    byte[] sign(NodeProcess node, Body body) throws IOException {
        var authoring =
                node.ask("authoring", dao.toString(), keys.device().key().toString());
        return EntryCodec.sign(
                new Draft(
                        dao,
                        keys.device().key(),
                        sequence,
                        previous,
                        Cid.parse(authoring.path("seen").asText()),
                        System.currentTimeMillis(),
                        body),
                keys.device());
    }
}
