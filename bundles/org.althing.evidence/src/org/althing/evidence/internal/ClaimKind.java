// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a verifier claims about a file; the order is that of a report, and every claim comes after those that it rests on. */
enum ClaimKind {
    FILE("file", "the file is a well-formed CAR file: every block hashes to its name, stands in its place and is used"),
    DAO("dao", "the charter founds this DAO", FILE),
    CHAIN("chain", "the seals form one chain from the charter on", DAO),
    CERTIFICATES("certificates", "a quorum of the notaries made the chain final", CHAIN),
    PIN("pin", "the seal that the reader knows is on this chain", CHAIN),
    SIGNATURES("signatures", "every entry is signed by its author", FILE),
    SEALING("sealing", "every entry was sealed in its turn: order, key chains, quotas, times", CHAIN, SIGNATURES),
    ROOTS("roots", "all entries, applied anew, give the state that every seal names", CERTIFICATES, SEALING),
    PROPOSAL(
            "proposal",
            "the proposal was sealed, opened, closed and decided under its own terms",
            CERTIFICATES,
            SIGNATURES),
    ELECTORATE("electorate", "the electorate is the complete member map right after the opening seal", PROPOSAL),
    KEYS("keys", "every ballot was signed with a key of its member, in the turn of that key", PROPOSAL),
    BALLOTS(
            "ballots",
            "the ballots are those of the closing seal's ballot map, all of them, with their recorded power",
            ELECTORATE,
            KEYS),
    RESULTS("results", "a quorum of the notaries signed this result", PROPOSAL),
    RECOUNT("recount", "counting the ballots anew gives the same tally", ROOTS, BALLOTS),
    DECISION("decision", "quorum and threshold, applied anew, give the same decision", RECOUNT),
    OUTCOME("outcome", "the recorded outcome is the one counted and signed, and it stands", RESULTS, DECISION);

    /** The claims made of a file whose kind could not be read. */
    static final Set<ClaimKind> COMMON = EnumSet.of(FILE, DAO, CHAIN, CERTIFICATES, SIGNATURES);
    /** The claims made of one proposal. */
    static final Set<ClaimKind> OF_PROPOSAL = EnumSet.of(
            FILE,
            DAO,
            CHAIN,
            CERTIFICATES,
            SIGNATURES,
            PROPOSAL,
            ELECTORATE,
            KEYS,
            BALLOTS,
            RESULTS,
            RECOUNT,
            DECISION,
            OUTCOME);
    /** The claims made of a whole DAO. */
    static final Set<ClaimKind> OF_DAO =
            EnumSet.of(FILE, DAO, CHAIN, CERTIFICATES, SIGNATURES, SEALING, ROOTS, RECOUNT, DECISION);

    final String id;
    final String statement;
    final List<ClaimKind> restsOn;

    ClaimKind(String id, String statement, ClaimKind... restsOn) {
        this.id = id;
        this.statement = statement;
        this.restsOn = List.of(restsOn);
    }
}
