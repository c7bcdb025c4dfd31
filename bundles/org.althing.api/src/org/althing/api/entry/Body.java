// SPDX-License-Identifier: EPL-2.0
package org.althing.api.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.ReadingKey;
import org.althing.api.Signature;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Notary;
import org.althing.api.governance.Rules;
import org.althing.api.tally.Choice;
import org.jspecify.annotations.Nullable;

/** What an entry says. The texts of types and fields in the encoding are those of docs/formats/althing.cddl. */
public sealed interface Body {

    /** Longest name of a DAO, member, role or option, in bytes of UTF-8. */
    int NAME_MAX_BYTES = 128;
    /** Longest title, in bytes of UTF-8. */
    int TITLE_MAX_BYTES = 256;
    /** Longest text, in bytes of UTF-8. */
    int TEXT_MAX_BYTES = 48 * 1024;
    /** Founding members named in a charter, which fit into one entry with names of 40 bytes; more join by proposals. */
    int FOUNDERS_MAX = 200;
    /** Notaries of one set. */
    int NOTARIES_MAX = 64;
    /** Peer addresses of one notary. */
    int ADDRESSES_MAX = 8;
    /** Group keys of one private DAO. */
    int GROUP_KEYS_MAX = 4096;
    /** How often a member may change the reading key, from one admission to the next: each time costs a group key. */
    int READER_CHANGES_MAX = 32;
    /** Actions of one proposal. */
    int ACTIONS_MAX = 256;

    /**
     * Founds a DAO; signed by the root key of its first founder.
     *
     * @param name the DAO's name
     * @param purpose what it is for, in CommonMark
     * @param salt 16 random bytes, so that two charters of the same words are two DAOs
     * @param founders at least one, the signer first
     * @param group name of the first group key, if the DAO is private: it stays so
     */
    record Charter(
            String name,
            String purpose,
            byte[] salt,
            List<Action.Admit> founders,
            List<Notary> notaries,
            Rules rules,
            Optional<Cid> group)
            implements Body {
        public static final int SALT_SIZE_BYTES = 16;

        /** The charter of a public DAO. */
        public Charter(
                String name,
                String purpose,
                byte[] salt,
                List<Action.Admit> founders,
                List<Notary> notaries,
                Rules rules) {
            this(name, purpose, salt, founders, notaries, rules, Optional.empty());
        }

        public Charter {
            salt = salt.clone();
            founders = List.copyOf(founders);
            notaries = List.copyOf(notaries);
        }

        @Override
        public byte[] salt() {
            return salt.clone();
        }
    }

    /**
     * Adds a device key to the member whose root key signs.
     *
     * @param proof by {@code device}, over the tag {@code althing-device-1} and [dao, root]
     */
    record KeyAdded(PublicKey device, Signature proof) implements Body {}

    /** Revokes a device key of the member whose root key signs; what it has sealed stands. */
    record KeyRevoked(PublicKey device) implements Body {}

    /**
     * Puts a question to the DAO.
     *
     * @param options what can be chosen, at least one
     * @param method id and variant of the voting method
     * @param methodVersion its version
     * @param seats how many winners
     * @param actions what passing does to the DAO; only with method {@code basic}
     * @param terms stricter terms than the rules give; absent values are the rules'
     */
    record Proposal(
            String title,
            String text,
            List<String> options,
            String method,
            int methodVersion,
            int seats,
            boolean unrankedIgnored,
            List<Action> actions,
            Terms terms)
            implements Body {
        public Proposal {
            options = List.copyOf(options);
            actions = List.copyOf(actions);
        }
    }

    /** Supports that a proposal is put to the vote. */
    record Sponsorship(Cid proposal) implements Body {}

    /** The author takes a proposal back before voting opens. */
    record Withdrawal(Cid proposal) implements Body {}

    /** A holder of the right stops a proposal before it is executed. */
    record Veto(Cid proposal, String reason) implements Body {}

    /**
     * A vote. The highest revision of a member counts, then the last sealed.
     *
     * @param revision 0 for the first ballot of a member on a proposal, higher to replace it
     */
    record Ballot(Cid proposal, long revision, Choice choice) implements Body {}

    /**
     * A contribution to the discussion.
     *
     * @param parent the comment replied to
     */
    record Comment(Cid proposal, Optional<Cid> parent, String text) implements Body {}

    /**
     * A notary's count of a closed proposal.
     *
     * @param tally hash of the canonical tally
     */
    record Counted(Cid proposal, Cid tally, Decision decision) implements Body {}

    /** The member whose root key signs reads a private DAO with another key from now on: its node has changed. */
    record ReaderChanged(ReadingKey reader) implements Body {}

    /**
     * A notary names the next group key of a private DAO.
     *
     * @param number one more than that of the key before; that in the charter has 0
     * @param group the name of the key
     */
    record GroupKey(long number, Cid group) implements Body {}

    /**
     * What an entry of a private DAO says, for those who hold a group key. {@link Entry#body} of an entry that was opened is what was in it.
     *
     * @param group names the group key
     * @param salt 32 random bytes, so that the box has a key of its own
     * @param box type and body, padded, encrypted and authenticated
     */
    record Enclosed(Cid group, byte[] salt, byte[] box) implements Body {
        public static final int SALT_SIZE_BYTES = 32;

        public Enclosed {
            salt = salt.clone();
            box = box.clone();
        }

        @Override
        public byte[] salt() {
            return salt.clone();
        }

        @Override
        public byte[] box() {
            return box.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Enclosed that
                    && group.equals(that.group)
                    && Arrays.equals(salt, that.salt)
                    && Arrays.equals(box, that.box);
        }

        @Override
        public int hashCode() {
            return 31 * group.hashCode() + Arrays.hashCode(salt);
        }
    }

    /**
     * Proves that a key signed two entries with one sequence number; sealed, it freezes the key. An equivocation larger than
     * {@link Entry#SIZE_MAX_BYTES} cannot be half of such a proof; only notary keys sign such.
     *
     * @param first complete bytes of one entry, at most {@link Entry#SIZE_MAX_BYTES}
     * @param second complete bytes of the other
     */
    record Equivocation(byte[] first, byte[] second) implements Body {
        public Equivocation {
            first = first.clone();
            second = second.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Equivocation that
                    && Arrays.equals(first, that.first)
                    && Arrays.equals(second, that.second);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(first) + Arrays.hashCode(second);
        }

        @Override
        public byte[] first() {
            return first.clone();
        }

        @Override
        public byte[] second() {
            return second.clone();
        }
    }
}
