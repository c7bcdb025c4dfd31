// SPDX-License-Identifier: EPL-2.0
package org.althing.governance.internal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.governance.Decision;
import org.althing.api.governance.Decision.Verdict;
import org.althing.api.governance.ProposalState;
import org.althing.api.tally.MethodId;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.codec.Sha256;

/** From a proposal to its question, and from a tally to a decision. */
final class Outcomes {

    private static final byte[] LOT_TAG = "althing-lot-1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int FOR = 0;
    private static final int AGAINST = 1;

    private record Lot(int option, byte[] draw) {}

    private Outcomes() {}

    /** Nobody can know the lot before the opening seal has its name, and everybody knows it before the first ballot counts. */
    static Question question(ProposalState proposal, Cid openingSeal) {
        int options = proposal.body().options().size();
        List<Integer> lot = IntStream.range(0, options)
                .mapToObj(option -> new Lot(option, draw(openingSeal, proposal.proposal(), option)))
                .sorted(Comparator.comparing(Lot::draw, Arrays::compareUnsigned))
                .map(Lot::option)
                .toList();
        Question.Unranked unranked =
                proposal.body().unrankedIgnored() ? Question.Unranked.IGNORED : Question.Unranked.LAST;
        return new Question(options, proposal.body().seats(), unranked, lot);
    }

    static Decision decide(ProposalState proposal, Tally tally) {
        List<Integer> winners = tally.result().winners();
        if (!quorumMet(proposal, tally.validPower().add(tally.blankPower()))) {
            return new Decision(Verdict.QUORUM_MISSED, winners);
        }
        boolean basic = MethodId.parse(proposal.body().method()).id().equals(Forms.BASIC);
        boolean passed = basic ? exceeds(proposal.threshold(), tally.result()) : !winners.isEmpty();
        return new Decision(passed ? Verdict.PASSED : Verdict.REJECTED, winners);
    }

    private static boolean quorumMet(ProposalState proposal, BigInteger participation) {
        Fraction needed = proposal.quorum().times(Fraction.of(proposal.electoratePower()));
        return proposal.electoratePower().signum() > 0
                && Fraction.of(participation).compareTo(needed) >= 0;
    }

    /** Strictly, so that no vote for and none against is no majority, even over a threshold of 0. */
    private static boolean exceeds(Fraction threshold, Result result) {
        Fraction inFavour = result.scores().get(FOR);
        Fraction decided = inFavour.plus(result.scores().get(AGAINST));
        return inFavour.compareTo(threshold.times(decided)) > 0;
    }

    private static byte[] draw(Cid openingSeal, Cid proposal, int option) {
        MessageDigest sha256 = Sha256.begin();
        sha256.update(LOT_TAG);
        sha256.update(openingSeal.toBytes());
        sha256.update(proposal.toBytes());
        return sha256.digest(ByteBuffer.allocate(Integer.BYTES).putInt(option).array());
    }
}
