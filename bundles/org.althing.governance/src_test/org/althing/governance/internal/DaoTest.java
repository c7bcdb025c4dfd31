// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.Signer;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.DaoState;
import org.althing.api.governance.DaoState.InvalidSealException;
import org.althing.api.governance.Effect;
import org.althing.api.governance.Governance;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Rules;
import org.althing.codec.Ed25519;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestMember;

/** What the tests of the fold share: a service, and short ways to say that an entry counts, is void or cannot be sealed. */
abstract class DaoTest {

    static final Ed25519 SIGNATURES = Ed25519.fastest();
    final Governance governance = new GovernanceService(SIGNATURES);

    TestDao dao(int members, int notaries, Rules rules) {
        return TestDao.found(governance, SIGNATURES, members, notaries, rules);
    }

    TestDao dao(int members) {
        return dao(members, 1, TestDao.rules());
    }

    /** Seals the entry and expects it to count. */
    static Entry counts(TestDao dao, Signer author, Body body) {
        Entry entry = dao.entry(author, body);
        assertThat(dao.state().voidness(entry)).as("voidness asked before").isEmpty();
        assertThat(dao.seal(entry)).contains(new Effect.Applied(entry.cid()));
        return entry;
    }

    /** Seals the entry and expects it to be void for a reason that holds these words, and to change nothing but its key's chain. */
    static Entry isVoid(TestDao dao, Signer author, Body body, String reason) {
        Entry entry = dao.entry(author, body);
        assertThat(dao.state().voidness(entry))
                .as("voidness asked before")
                .hasValueSatisfying(text -> assertThat(text).contains(reason));
        Picture before = Picture.of(dao.state(), author.key());
        assertThat(dao.seal(entry))
                .anySatisfy(effect -> assertThat(effect).isInstanceOfSatisfying(Effect.Voided.class, voided -> {
                    assertThat(voided.entry()).isEqualTo(entry.cid());
                    assertThat(voided.reason()).contains(reason).doesNotContain("\n");
                }))
                .doesNotContain(new Effect.Applied(entry.cid()));
        assertThat(Picture.of(dao.state(), author.key())).isEqualTo(before);
        KeyState key = dao.state().key(author.key()).orElseThrow();
        assertThat(key.sequence()).isEqualTo(entry.sequence());
        assertThat(key.last()).isEqualTo(entry.cid());
        return entry;
    }

    static void refused(TestDao dao, Entry entry, String reason, boolean forEver) {
        assertThat(dao.state().refuse(entry)).hasValueSatisfying(refusal -> {
            assertThat(refusal.reason()).contains(reason);
            assertThat(refusal.forEver()).as("for ever").isEqualTo(forEver);
        });
        long later = dao.state().timeMillis() + 1;
        assertThat(dao.state().plan(later, List.of(entry))).isEmpty();
        assertThatThrownBy(() -> dao.state().apply(later, List.of(entry))).isInstanceOf(InvalidSealException.class);
    }

    static void sealable(TestDao dao, Entry entry) {
        assertThat(dao.state().refuse(entry)).isEmpty();
        assertThat(dao.state().plan(dao.state().timeMillis() + 1, List.of(entry)))
                .containsExactly(entry);
    }

    static KeyState.Status status(TestDao dao, PublicKey key) {
        return dao.state().key(key).orElseThrow().status();
    }

    static boolean isMember(TestDao dao, TestMember person) {
        return dao.state()
                .member(person.key())
                .filter(member -> member.active())
                .isPresent();
    }

    static Cid fakeCid(int i) {
        return Cid.hash(new byte[] {(byte) i, 77});
    }

    /** Everything that an entry without effect must leave alone: the state but for one key's chain. */
    record Picture(
            Object rules, Object members, Object proposals, Object notaries, Object epoch, Object status, Object due) {
        static Picture of(DaoState state, PublicKey but) {
            return new Picture(
                    state.rules(),
                    state.members(),
                    state.proposals(),
                    state.notaries(),
                    state.epoch(),
                    state.key(but).orElseThrow().status(),
                    state.nextDueMillis());
        }
    }
}
