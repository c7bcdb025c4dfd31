// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.althing.api.Cid;
import org.althing.api.Fraction;
import org.althing.api.tally.Question;
import org.althing.api.tally.Result;
import org.althing.api.tally.Tally;
import org.althing.codec.CborWriter;

/**
 * The canonical form of a tally, which everybody who recounts must reach to the last byte: one DAG-CBOR block, named by its CID. Numbers
 * that may pass 64 bits are decimal texts. The form is frozen; another one would have another {@code v}.
 *
 * <pre>{@code
 * tally = {
 *   "v": 1,                             ; version of this form
 *   "lot": options,                     ; the order in which ties fall
 *   "tie": null / { "rule": tstr, "order": options, "options": options },
 *   "blank": number,                    ; ballots that prefer nothing
 *   "seats": uint,
 *   "valid": number,                    ; ballots that prefer something
 *   "method": tstr,                     ; id of the rule
 *   "rounds": [* round],
 *   "scores": [* fraction],             ; one for each option
 *   "invalid": number,                  ; ballots that the method refused
 *   "options": uint,                    ; how many there are
 *   "ranking": [* options],
 *   "variant": tstr,                    ; spelt out; "" if the method has none
 *   "version": uint,                    ; of the rule
 *   "winners": options,
 *   "unranked": "last" / "ignored",
 *   "blankPower": number,
 *   "committees": [* options],
 *   "validPower": number,               ; in units, as blankPower
 * }
 * round = {
 *   "scores": [* [uint, fraction]],       ; the options still in the race, ascending
 *   "elected": options,
 *   "exhausted": fraction,
 *   "eliminated": options,
 * }
 * options  = [* uint]                      ; numbered from 0
 * number   = tstr                          ; decimal digits
 * fraction = tstr                          ; "3", "-3" or "2/3", in lowest terms
 * }</pre>
 */
final class TallyEncoding {

    private static final int FORM_VERSION = 1;
    /** Stands in for the name of a tally until it is known: the name covers everything but itself. */
    static final Cid NAMELESS = Cid.of(new byte[Cid.DIGEST_BYTES]);

    private TallyEncoding() {}

    /** The tally with its name. */
    static Tally named(Tally tally) {
        return new Tally(
                tally.method(),
                tally.version(),
                tally.question(),
                tally.result(),
                tally.valid(),
                tally.blank(),
                tally.invalid(),
                tally.validPower(),
                tally.blankPower(),
                Cid.hash(encode(tally)));
    }

    /** The canonical bytes of all but the name. */
    static byte[] encode(Tally tally) {
        Question question = tally.question();
        Result result = tally.result();
        CborWriter out = new CborWriter();
        out.map(19);
        out.key("v").integer(FORM_VERSION);
        options(out.key("lot"), question.lot());
        tie(out.key("tie"), result.tie());
        out.key("blank").text(tally.blank().toString());
        out.key("seats").integer(question.seats());
        out.key("valid").text(tally.valid().toString());
        out.key("method").text(tally.method().id());
        rounds(out.key("rounds"), result.rounds());
        scores(out.key("scores"), result.scores());
        out.key("invalid").text(tally.invalid().toString());
        out.key("options").integer(question.options());
        groups(out.key("ranking"), result.ranking());
        out.key("variant").text(tally.method().variant());
        out.key("version").integer(tally.version());
        options(out.key("winners"), result.winners());
        out.key("unranked").text(question.unranked().name().toLowerCase(Locale.ROOT));
        out.key("blankPower").text(tally.blankPower().toString());
        groups(out.key("committees"), result.committees());
        out.key("validPower").text(tally.validPower().toString());
        return out.toBytes();
    }

    private static void tie(CborWriter out, Optional<Result.Tie> tie) {
        if (tie.isEmpty()) {
            out.nil();
            return;
        }
        out.map(3).key("rule").text(tie.get().rule());
        options(out.key("order"), tie.get().order());
        options(out.key("options"), tie.get().options());
    }

    private static void rounds(CborWriter out, List<Result.Round> rounds) {
        out.list(rounds.size());
        for (Result.Round round : rounds) {
            out.map(4).key("scores").list(round.scores().size());
            for (Map.Entry<Integer, Fraction> score : new TreeMap<>(round.scores()).entrySet()) {
                out.list(2).integer(score.getKey()).text(score.getValue().toString());
            }
            options(out.key("elected"), round.elected());
            out.key("exhausted").text(round.exhausted().toString());
            options(out.key("eliminated"), round.eliminated());
        }
    }

    private static void scores(CborWriter out, List<Fraction> scores) {
        out.list(scores.size());
        for (Fraction score : scores) {
            out.text(score.toString());
        }
    }

    private static void groups(CborWriter out, List<List<Integer>> groups) {
        out.list(groups.size());
        groups.forEach(group -> options(out, group));
    }

    private static void options(CborWriter out, List<Integer> options) {
        out.list(options.size());
        for (int option : options) {
            out.integer(option);
        }
    }
}
