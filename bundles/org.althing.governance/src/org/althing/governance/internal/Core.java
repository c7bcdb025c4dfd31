// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.codec.Hamt;

/**
 * What seals make of a DAO, apart from the place in the chain. Immutable.
 *
 * @param epoch number of the set that signs the next seal
 * @param proposals with their trees, for work
 * @param records the same as they are written, for the root
 * @param submitted number of proposals ever sealed and not void
 * @param usage of the day of the last seal; derived
 * @param votingPower {@link World#votingPower} if it has been summed up already; derived
 * @param rootBlock its hash is {@code root}
 */
record Core(
        Cid dao,
        Body.Charter charter,
        World world,
        long epoch,
        Trie<Cid, Held> proposals,
        Hamt records,
        long submitted,
        Agenda agenda,
        Usage usage,
        Optional<BigInteger> votingPower,
        byte[] rootBlock,
        Cid root) {

    static Core of(
            Cid dao,
            Body.Charter charter,
            World world,
            long epoch,
            Trie<Cid, Held> proposals,
            Hamt records,
            long submitted,
            Agenda agenda,
            Usage usage,
            Optional<BigInteger> votingPower) {
        byte[] block = Records.root(dao, world, epoch, records, submitted);
        return new Core(
                dao,
                charter,
                world,
                epoch,
                proposals,
                records,
                submitted,
                agenda,
                usage,
                votingPower,
                block,
                Cid.hash(block));
    }

    /** Nothing but the charter's words: no member yet, its rules and its notaries. */
    static Core genesis(Cid dao, Body.Charter charter) {
        return founded(
                dao, charter, World.empty(charter.rules(), charter.group()).with(charter.notaries()), Usage.none());
    }

    /** A DAO without proposals. */
    static Core founded(Cid dao, Body.Charter charter, World world, Usage usage) {
        return of(
                dao,
                charter,
                world,
                0,
                Trie.empty(Cid::toBytes),
                Hamt.empty(),
                0,
                Agenda.empty(),
                usage,
                Optional.empty());
    }

    List<Held> held() {
        List<Held> all = new ArrayList<>();
        proposals.forEach((cid, held) -> all.add(held));
        all.sort(Comparator.comparingLong(held -> held.state().number()));
        return all;
    }
}
