// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.util.List;
import java.util.stream.Stream;
import org.althing.api.Cid;
import org.althing.api.PublicKey;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.governance.ProposalState;

/** Finds what a user means by a CID or the beginning of one. */
final class Names {

    /** A proposal and where it is. */
    record Found(Pipeline pipeline, ProposalState proposal) {}

    private Names() {}

    static Pipeline dao(List<Pipeline> pipelines, String name) throws RefusedException {
        requireLength(name, "DAO");
        List<Pipeline> matches =
                pipelines.stream().filter(p -> matches(p.ledger().dao(), name)).toList();
        return one(matches, name, "DAO", "list them with: althing dao list");
    }

    static Found proposal(List<Pipeline> pipelines, String name) throws RefusedException {
        requireLength(name, "proposal");
        List<Found> matches =
                pipelines.stream().flatMap(p -> proposals(p, name)).toList();
        return one(matches, name, "proposal", "list them with: althing proposals");
    }

    private static Stream<Found> proposals(Pipeline pipeline, String name) {
        if (name.length() == Cid.CHARS) {
            try {
                return pipeline.state().proposal(Cid.parse(name)).stream()
                        .map(proposal -> new Found(pipeline, proposal));
            } catch (IllegalArgumentException e) {
                return Stream.empty();
            }
        }
        return pipeline.state().proposals().stream()
                .filter(proposal -> matches(proposal.proposal(), name))
                .map(proposal -> new Found(pipeline, proposal));
    }

    static Cid cid(String text) throws RefusedException {
        try {
            return Cid.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("'" + shown(text) + "' is no CID: " + e.getMessage());
        }
    }

    static PublicKey key(String text) throws RefusedException {
        try {
            return PublicKey.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("'" + shown(text) + "' is no key: " + e.getMessage());
        }
    }

    private static void requireLength(String name, String kind) throws RefusedException {
        if (name.length() < Assembly.PREFIX_MIN_CHARS || name.length() > Cid.CHARS) {
            throw new RefusedException("'" + shown(name) + "' names no " + kind
                    + ": give its CID, or at least the first " + Assembly.PREFIX_MIN_CHARS + " characters");
        }
    }

    private static boolean matches(Cid cid, String name) {
        return cid.toString().startsWith(name);
    }

    private static <T> T one(List<T> matches, String name, String kind, String hint) throws RefusedException {
        if (matches.size() == 1) {
            return matches.getFirst();
        }
        throw new RefusedException(
                matches.isEmpty()
                        ? "no " + kind + " '" + shown(name) + "' here; " + hint
                        : matches.size() + " " + kind + "s begin with '" + shown(name) + "'; give more of the CID");
    }

    /** As much of a user's text as belongs into one line. */
    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= Cid.CHARS ? line : line.substring(0, Cid.CHARS) + "...";
    }
}
