// SPDX-License-Identifier: EPL-2.0
package org.althing.evidence.internal;

/**
 * One thing that a verifier looks at, and the claim that fails when it is not so.
 *
 * <p>That a block is there, hashes to its name and decodes is no check of this list: without it there is nothing to go on with.
 */
enum Check {
    /** The first block is the one that the file's header names. */
    CAR_ROOT(ClaimKind.FILE),
    /** The next block is the one that is due: none is missing, doubled, moved or needless. */
    BLOCK_ORDER(ClaimKind.FILE),
    /** Nothing follows the last block that is due. */
    FILE_END(ClaimKind.FILE),
    /** Every page but the last is full, so that one content makes one file. */
    PAGE_FULL(ClaimKind.FILE),
    /** Certificates stand at the ends of epochs and at the head, and nowhere else. */
    CERTIFICATE_NEEDED(ClaimKind.FILE),
    /** A file about one proposal has no lists of entries. */
    BODY_NEEDED(ClaimKind.FILE),

    /** The charter keeps the rules for charters. */
    CHARTER_FORM(ClaimKind.DAO),
    /** The charter is the first entry of its first founder. */
    CHARTER_SIGNER(ClaimKind.DAO),
    /** The DAO is the one that the reader knows. */
    DAO_GIVEN(ClaimKind.DAO),

    HEADER_DAO(ClaimKind.CHAIN),
    HEADER_HEIGHT(ClaimKind.CHAIN),
    HEADER_PREVIOUS(ClaimKind.CHAIN),
    HEADER_TIME(ClaimKind.CHAIN),
    /** The set that signs is the one that the parent, or for the first seal the charter, names. */
    HEADER_SET(ClaimKind.CHAIN),
    /** Epochs go up by one, and do so whenever the set changes. */
    HEADER_EPOCH(ClaimKind.CHAIN),
    /** The first seal holds the charter alone. */
    FIRST_SEAL(ClaimKind.CHAIN),
    ENTRIES_COUNT(ClaimKind.CHAIN),
    ENTRIES_ROOT(ClaimKind.CHAIN),

    /** The head and the end of every epoch have a certificate. */
    CERTIFICATE_PRESENT(ClaimKind.CERTIFICATES),
    /** A quorum of the right set signed it. */
    CERTIFICATE_GOOD(ClaimKind.CERTIFICATES),

    PIN(ClaimKind.PIN),

    SIGNATURE(ClaimKind.SIGNATURES),

    STATE_ROOT(ClaimKind.ROOTS),
    STATE_NEXT_SET(ClaimKind.ROOTS),
    STATE_EPOCH(ClaimKind.ROOTS),

    PROPOSAL_DAO(ClaimKind.PROPOSAL),
    /** The proposal is in the seal that its record names. */
    PROPOSAL_PLACE(ClaimKind.PROPOSAL),
    PROPOSAL_AUTHOR(ClaimKind.PROPOSAL),
    /** Submission, opening, closing and decision follow each other, and each record names the seal that it is proven for. */
    PROPOSAL_HEIGHTS(ClaimKind.PROPOSAL),
    PROPOSAL_STATUS(ClaimKind.PROPOSAL),
    /** Quorum, threshold and periods are those of the proposal's own terms, or else of the rules at its submission. */
    PROPOSAL_TERMS(ClaimKind.PROPOSAL),
    /** What must not change between opening, closing, decision and head has not changed. */
    PROPOSAL_FIXED(ClaimKind.PROPOSAL),
    /** Voting was open as long as the terms say. */
    VOTING_TIME(ClaimKind.PROPOSAL),

    ELECTORATE_MAP(ClaimKind.ELECTORATE),
    ELECTORATE_ROLES(ClaimKind.ELECTORATE),
    ELECTORATE_POWER(ClaimKind.ELECTORATE),

    KEY_OWNER(ClaimKind.KEYS),
    KEY_SEQUENCE(ClaimKind.KEYS),

    BALLOT_DAO(ClaimKind.BALLOTS),
    BALLOT_PROPOSAL(ClaimKind.BALLOTS),
    BALLOT_MEMBER(ClaimKind.BALLOTS),
    BALLOT_REVISION(ClaimKind.BALLOTS),
    BALLOT_POWER(ClaimKind.BALLOTS),
    BALLOTS_COUNT(ClaimKind.BALLOTS),
    BALLOTS_POWER(ClaimKind.BALLOTS),

    RESULT_DAO(ClaimKind.RESULTS),
    RESULT_PLACE(ClaimKind.RESULTS),
    /** It was sealed between closing and decision. */
    RESULT_TIME(ClaimKind.RESULTS),
    RESULT_BODY(ClaimKind.RESULTS),
    RESULT_NOTARY(ClaimKind.RESULTS),
    RESULT_ONCE(ClaimKind.RESULTS),
    RESULT_QUORUM(ClaimKind.RESULTS),

    TALLY(ClaimKind.RECOUNT),

    DECISION(ClaimKind.DECISION),

    OUTCOME_KEPT(ClaimKind.OUTCOME),
    OUTCOME_STATUS(ClaimKind.OUTCOME);

    final ClaimKind claim;

    Check(ClaimKind claim) {
        this.claim = claim;
    }
}
