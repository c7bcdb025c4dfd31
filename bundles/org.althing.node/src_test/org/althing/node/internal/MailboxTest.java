// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.api.ReadingKey;
import org.althing.api.Signer;
import org.althing.api.entry.Message;
import org.althing.api.governance.DaoState;
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
    void aMessageThatNobodySignedCostsNoLookAtTheMembers() throws Exception {
        byte[] forged = message(0, 1, "forged");
        forged[forged.length - 1] ^= 1;
        List<String> asked = new ArrayList<>();
        assertThat(mailbox.take(forged, watched(asked))).isInstanceOf(Mailbox.Outcome.Bad.class);
        assertThat(asked).isEmpty();
    }

    @Test
    void membersAreLookedAtOncePerState() throws Exception {
        List<String> asked = new ArrayList<>();
        DaoState state = watched(asked);
        for (int i = 0; i < 10; i++) {
            assertThat(mailbox.take(message(0, 1, "number " + i), state)).isInstanceOf(Mailbox.Outcome.New.class);
        }
        assertThat(asked.stream().filter("members"::equals)).hasSize(1);
        assertThat(asked).hasSizeLessThan(10 * 6);
    }

    @Test
    void aMemberHasAtMostSoManyMessagesInAWeek() throws Exception {
        for (int i = 0; i < Limits.MESSAGES_PER_MEMBER_MAX; i++) {
            assertThat(take(message(0, 1 + i % 2, "number " + i))).isInstanceOf(Mailbox.Outcome.New.class);
        }
        byte[] oneMore = message(0, 1, "one more");
        assertThat(take(oneMore)).isInstanceOf(Mailbox.Outcome.Refused.class);
        open();
        assertThat(take(oneMore)).isInstanceOf(Mailbox.Outcome.Refused.class);
        assertThat(take(message(1, 0, "of another"))).isInstanceOf(Mailbox.Outcome.New.class);
        timer.advance(Message.KEPT_MILLIS);
        assertThat(take(message(0, 1, "a week later"))).isInstanceOf(Mailbox.Outcome.New.class);
    }

    /** The state, and what it is asked. */
    private DaoState watched(List<String> asked) {
        DaoState state = dao.state();
        return (DaoState) Proxy.newProxyInstance(
                DaoState.class.getClassLoader(), new Class<?>[] {DaoState.class}, (proxy, method, arguments) -> {
                    asked.add(method.getName());
                    return method.invoke(state, arguments);
                });
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
