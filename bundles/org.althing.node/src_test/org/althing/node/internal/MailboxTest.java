// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ReadingKey;
import org.althing.api.Signer;
import org.althing.api.entry.Message;
import org.althing.api.sync.Membership;
import org.althing.codec.Ed25519;
import org.althing.codec.MessageCodec;
import org.althing.governance.internal.GovernanceService;
import org.althing.testkit.governance.TestDao;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages between members as a node keeps them. */
class MailboxTest {

    private static final Ed25519 SIGNATURES = Ed25519.fastest();

    @TempDir
    Path folder;

    private final TestDao dao = TestDao.foundPrivate(new GovernanceService(SIGNATURES), SIGNATURES, 3, TestDao.rules());
    private final HeldTimer timer = new HeldTimer();
    private Mailbox mailbox;

    @BeforeEach
    void open() throws AlthingException {
        mailbox = Mailbox.open(folder, dao.dao(), timer, SIGNATURES);
    }

    private byte[] message(int from, int to, String text) {
        return message(dao.member(from).device(), dao.member(to).reader(), text);
    }

    private byte[] message(Signer author, ReadingKey to, String text) {
        return MessageCodec.write(dao.dao(), to, timer.millis(), text, author);
    }

    private Mailbox.Outcome take(byte[] message) throws AlthingException {
        return mailbox.take(message, dao.state());
    }

    private List<Cid> all(int pageMax) {
        List<Cid> names = new ArrayList<>();
        Membership.Mail page;
        long from = 0;
        do {
            page = mailbox.mail(from, pageMax);
            names.addAll(page.messages());
            from = page.next();
        } while (!page.messages().isEmpty());
        return names;
    }

    @Test
    void whatIsKeptIsListedOnceInPagesWhoeverItIsFor() throws Exception {
        List<Cid> taken = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] message = message(i % 2, 2 - i % 2, "number " + i);
            assertThat(take(message)).isInstanceOf(Mailbox.Outcome.New.class);
            assertThat(take(message)).isInstanceOf(Mailbox.Outcome.Known.class);
            taken.add(Cid.hash(message));
        }
        assertThat(all(64)).containsExactlyElementsOf(taken);
        assertThat(mailbox.bytes(taken)).hasSize(200);
        assertThat(mailbox.lacking(taken)).isEmpty();
        long next = mailbox.mail(0, 1_000).next();
        assertThat(mailbox.mail(next, 64).messages()).isEmpty();
        byte[] late = message(0, 1, "late");
        take(late);
        assertThat(mailbox.mail(next, 64).messages()).containsExactly(Cid.hash(late));
        open();
        assertThat(all(64)).hasSize(201).containsAll(taken);
    }

    @Test
    void whatIsOldIsListedNoMore() throws Exception {
        take(message(0, 1, "old"));
        timer.advance(Message.KEPT_MILLIS / 2);
        byte[] young = message(0, 1, "young");
        take(young);
        timer.advance(Message.KEPT_MILLIS / 2);
        assertThat(all(64)).containsExactly(Cid.hash(young));
    }
}
