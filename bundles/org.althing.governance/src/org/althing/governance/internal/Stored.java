// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.entry.Body;
import org.althing.api.entry.Entry;
import org.althing.api.governance.KeyState;
import org.althing.api.governance.Member;
import org.althing.api.governance.Notary;
import org.althing.api.governance.ProposalState;
import org.althing.api.governance.ProposalStatus;
import org.althing.api.governance.Rules;
import org.althing.api.seal.SealHeader;
import org.althing.codec.CborReader;
import org.althing.codec.CborWriter;
import org.althing.codec.Hamt;
import org.althing.codec.MalformedException;
import org.althing.codec.RulesCodec;

/**
 * A state as it is written down and read again (docs/formats/snapshot.cddl). What the root commits to comes in the blocks that it names, so a
 * reader checks each by its hash; agenda and number of members follow from it; proposals' words are read again from the ledger. Only
 * the names of the seals and the usage of the day are taken on trust.
 */
final class Stored {

    /** Owners of keys in one written item. */
    static final int ITEM_OWNERS = 16 * 1024;

    private static final String FORMAT = "althing-state";
    private static final int FORMAT_VERSION = 1;

    private final Cid dao;
    private final Body.Charter charter;
    private final SealHeader header;
    private final Function<Cid, Entry> entries;
    private final Supplier<byte[]> items;
    private final SealHeights seals;
    private final Usage.Counts counts;

    static void write(Core core, SealHeights seals, Consumer<byte[]> items) {
        Usage usage = core.usage();
        items.accept(new CborWriter()
                .list(3)
                .text(FORMAT)
                .integer(FORMAT_VERSION)
                .integer(usage.owners())
                .toBytes());
        seals.write(items);
        usage.write(items);
        items.accept(core.rootBlock().clone());
        Set<Cid> known = new HashSet<>();
        core.world().keys().blocks(known, (cid, block) -> items.accept(block));
        core.world().members().blocks(known, (cid, block) -> items.accept(block));
        core.records().blocks(known, (cid, block) -> items.accept(block));
        core.records().forEach((proposal, record) -> {
            Held held = core.proposals().get(Cid.fromBytes(proposal)).orElseThrow();
            held.electorate().blocks(known, (cid, block) -> items.accept(block));
            held.ballots().blocks(known, (cid, block) -> items.accept(block));
            held.comments().blocks(known, (cid, block) -> items.accept(block));
        });
    }

    /**
     * Reads what comes before the blocks.
     *
     * @throws MalformedException if it is not what {@link #write} wrote for the state after this seal
     */
    Stored(
            Cid dao,
            Body.Charter charter,
            SealHeader header,
            Cid seal,
            Function<Cid, Entry> entries,
            Supplier<byte[]> items) {
        this.dao = dao;
        this.charter = charter;
        this.header = header;
        this.entries = entries;
        this.items = items;
        CborReader in = new CborReader(items.get());
        in.readListExactly(3);
        require(in.readText(FORMAT.length()).equals(FORMAT), "not a state of this governance");
        in.readLong(FORMAT_VERSION, FORMAT_VERSION);
        int owners = (int) in.readLong(0, Integer.MAX_VALUE);
        in.finish();
        seals = SealHeights.read(items, seal, header.height());
        counts = Usage.read(items, owners);
    }

    SealHeights seals() {
        return seals;
    }

    /**
     * Reads the blocks.
     *
     * @throws MalformedException if they are not those of the state that the header names
     */
    Core core() {
        byte[] block = items.get();
        require(header.state().names(block), "the root block is not the one that the seal names");
        CborReader in = new CborReader(block);
        boolean isPrivate = in.readMap(9, 10) == 10;
        in.expectKey("v");
        in.readLong(Records.FORMAT_VERSION, Records.FORMAT_VERSION);
        in.expectKey("dao");
        require(in.readLink().equals(dao), "the state is another DAO's");
        in.expectKey("keys");
        Cid keys = in.readLink();
        in.expectKey("epoch");
        long epoch = in.readLong(0, Long.MAX_VALUE);
        boolean groupKeyDue = false;
        List<Cid> groupKeys = new ArrayList<>();
        if (isPrivate) {
            in.expectKey("group");
            in.readListExactly(2);
            groupKeyDue = in.readBool();
            for (int left = in.readList(1, Body.GROUP_KEYS_MAX); left > 0; left--) {
                groupKeys.add(in.readLink());
            }
        }
        in.expectKey("rules");
        Rules rules = RulesCodec.read(in);
        in.expectKey("members");
        Cid members = in.readLink();
        in.expectKey("notaries");
        List<Notary> notaries = RulesCodec.readNotaries(in);
        in.expectKey("proposals");
        Cid proposals = in.readLink();
        in.expectKey("submitted");
        long submitted = in.readLong(0, Long.MAX_VALUE);
        in.finish();
        Hamt.Loader blocks = new Hamt.Loader(cid -> items.get());
        // In the order in which they were written.
        Table<PublicKey, KeyState> keyTable = Table.load(Records.KEY, keys, blocks);
        Table<PublicKey, Member> memberTable = Table.load(Records.MEMBER, members, blocks);
        World world = World.of(memberTable, keyTable, rules, notaries, groupKeys, groupKeyDue);
        return core(world, epoch, blocks.load(proposals), submitted, blocks);
    }

    private Core core(World world, long epoch, Hamt records, long submitted, Hamt.Loader blocks) {
        Agenda agenda = Agenda.empty();
        List<Held> all = new ArrayList<>(records.size());
        records.forEach((cid, record) -> all.add(held(Cid.fromBytes(cid), record, blocks)));
        Trie<Cid, Held> proposals = Trie.empty(Cid::toBytes);
        for (Held held : all) {
            ProposalState state = held.state();
            proposals = proposals.with(state.proposal(), held);
            if (state.dueMillis() >= 0) {
                agenda.add(new Agenda.Due(state.dueMillis(), state.proposal()));
            }
            if (state.status() == ProposalStatus.CLOSED) {
                agenda.awaitCount(state.proposal());
            }
        }
        Core core = Core.of(
                dao,
                charter,
                world,
                epoch,
                proposals,
                records,
                submitted,
                agenda,
                counts.on(header.timeMillis(), world),
                Optional.empty());
        require(core.root().equals(header.state()), "what was read has another root than the seal names");
        return core;
    }

    private Held held(Cid proposal, byte[] record, Hamt.Loader blocks) {
        Entry entry = entries.apply(proposal);
        if (!entry.cid().equals(proposal) || !(entry.body() instanceof Body.Proposal body)) {
            throw new MalformedException(0, proposal + " is no proposal");
        }
        ProposalState state = Records.readProposal(proposal, body, record);
        return new Held(
                state,
                state.electorate()
                        .map(root -> Table.load(Records.MEMBER, root, blocks))
                        .orElseGet(() -> Table.empty(Records.MEMBER)),
                Table.load(Records.BALLOT, state.ballotMap(), blocks),
                Table.load(Records.COMMENT, state.comments(), blocks));
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new MalformedException(0, reason);
        }
    }
}
