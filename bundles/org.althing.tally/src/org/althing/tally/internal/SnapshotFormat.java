// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.althing.api.tally.BallotFiles;
import org.althing.api.tally.BallotFiles.BallotFile;
import org.althing.api.tally.BallotFiles.UnreadableException;
import org.althing.api.tally.Choice;
import org.althing.tally.internal.BallotCollector.BadBallotException;
import org.jspecify.annotations.Nullable;

/**
 * A Snapshot proposal with its votes, as JSON: {@code proposal.choices} names the options, {@code votes[].choice} is a number from 1, a list
 * of such (read as a ranking; a method that takes sets takes all of it), or an object from number to weight; {@code votes[].vp} or else
 * {@code votes[].balance} is the power in votes. Numbers are read exactly as decimals; digits behind the 18th decimal of a power are cut.
 * Weights may be decimals and are scaled to the least whole numbers. Numbers written as strings count as numbers, as they do on Snapshot.
 * What is no number, infinite or negative makes the ballot invalid.
 */
final class SnapshotFormat implements BallotFormat {

    /** Levels of objects and lists; a file of this kind has five or so. */
    private static final int DEPTH_MAX = 100;
    /** Digits of one number. */
    private static final int NUMBER_LENGTH_MAX_CHARS = 200;
    /** Digits of a weight after scaling to whole numbers; far more than a valid one has. */
    private static final int WEIGHT_DIGITS_MAX = 40;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(NUMBER_LENGTH_MAX_CHARS)
                    .maxStringLength(BallotFiles.LINE_BYTES_MAX)
                    .build())
            // Read them, so that the ballot can be told as invalid with its line instead of the file being given up.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    @Override
    public boolean recognises(List<String> head) {
        return head.getFirst().startsWith("{");
    }

    @Override
    public BallotFile read(InputStream in) throws IOException, UnreadableException {
        try (JsonParser parser = JSON.createParser(in)) {
            return new Reading(parser).read();
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw BallotCollector.unreadable(
                    Math.max(1, line),
                    "is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    private static final class Reading {

        private final JsonParser json;
        private final BallotCollector collector = new BallotCollector("snapshot");
        private boolean hasVotes;

        Reading(JsonParser json) {
            this.json = json;
        }

        BallotFile read() throws IOException, UnreadableException {
            expect(JsonToken.START_OBJECT, "the file");
            Set<String> names = new HashSet<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = once(names);
                json.nextToken();
                switch (name) {
                    case "proposal" -> proposal();
                    case "votes" -> votes();
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw BallotCollector.unreadable(line(), "begins something behind the closing brace; take it out");
            }
            if (collector.options() == 0 || !hasVotes) {
                throw new UnreadableException(
                        "this JSON has no proposal.choices or no votes; only Snapshot proposals with votes are read");
            }
            return collector.toFile();
        }

        private void expect(JsonToken token, String what) throws IOException, UnreadableException {
            if (json.nextToken() != token) {
                throw BallotCollector.unreadable(line(), "is not what " + what + " begins with");
            }
        }

        /** The name of the field at hand; which of two would count, nobody could say. */
        private String once(Set<String> names) throws IOException, UnreadableException {
            if (!names.add(json.currentName())) {
                throw BallotCollector.unreadable(line(), "names '" + json.currentName() + "' for the second time");
            }
            return json.currentName();
        }

        private int line() {
            return Math.max(1, json.currentTokenLocation().getLineNr());
        }

        private void proposal() throws IOException, UnreadableException {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw BallotCollector.unreadable(line(), "has a proposal that is no object");
            }
            Set<String> names = new HashSet<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = once(names);
                JsonToken value = json.nextToken();
                if (name.equals("choices") && value == JsonToken.START_ARRAY) {
                    choices();
                } else if (name.equals("title") && value == JsonToken.VALUE_STRING) {
                    collector.title(json.getText());
                } else {
                    json.skipChildren();
                }
            }
        }

        private void choices() throws IOException, UnreadableException {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.VALUE_STRING) {
                    throw BallotCollector.unreadable(line(), "has a choice that is no text");
                }
                collector.option(json.getText(), line());
            }
        }

        private void votes() throws IOException, UnreadableException {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw BallotCollector.unreadable(line(), "has votes that are no list");
            }
            hasVotes = true;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                int line = line();
                if (json.currentToken() != JsonToken.START_OBJECT) {
                    json.skipChildren();
                    collector.problem(line, 1, "the vote is no object");
                } else {
                    vote(line);
                }
            }
        }

        /** Reads a vote to its end, also when it is bad, so that the next one is read from its beginning. */
        private void vote(int line) throws IOException, UnreadableException {
            @Nullable Choice choice = null;
            @Nullable BigInteger vp = null;
            @Nullable BigInteger balance = null;
            String problem = "";
            Set<String> names = new HashSet<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = once(names);
                json.nextToken();
                // A value is scalar, or read by the depth it opens: afterwards the parser stands on its last token.
                int depth = depth();
                try {
                    switch (name) {
                        case "choice" -> choice = choice();
                        case "vp" -> vp = BallotCollector.power(number("the power"));
                        case "balance" -> balance = BallotCollector.power(number("the power"));
                        default -> json.skipChildren();
                    }
                } catch (BadBallotException e) {
                    problem = problem.isEmpty() ? e.getMessage() : problem;
                    leave(depth);
                }
            }
            BigInteger power = vp == null ? balance : vp;
            if (problem.isEmpty() && choice != null && power != null) {
                collector.ballot(line, 1, choice, power);
            } else {
                collector.problem(
                        line,
                        1,
                        !problem.isEmpty()
                                ? problem
                                : choice == null ? "the vote has no choice" : "the vote has neither vp nor balance");
            }
        }

        /** How many containers are open around the value at hand. */
        private int depth() {
            boolean opens = json.currentToken().isStructStart();
            return json.getParsingContext().getNestingDepth() - (opens ? 1 : 0);
        }

        private void leave(int depth) throws IOException {
            while (json.getParsingContext().getNestingDepth() > depth) {
                json.nextToken();
            }
        }

        private Choice choice() throws IOException, BadBallotException {
            JsonToken token = json.currentToken();
            if (token == JsonToken.START_ARRAY) {
                return list();
            }
            return token == JsonToken.START_OBJECT ? weights() : new Choice.Single(option(number("the choice")));
        }

        private Choice list() throws IOException, BadBallotException {
            List<List<Integer>> groups = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                groups.add(BallotCollector.sole(option(number("a choice"))));
                if (groups.size() > Choice.ITEMS_MAX) {
                    throw new BadBallotException("the ballot has more than " + Choice.ITEMS_MAX + " choices");
                }
            }
            return BallotCollector.ranking(groups);
        }

        private Choice weights() throws IOException, BadBallotException {
            Map<Integer, BigDecimal> weights = new TreeMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                int option = option(decimal(name, "a choice"));
                json.nextToken();
                if (weights.put(option, number("a weight")) != null) {
                    throw new BadBallotException("option " + (option + 1L) + " is weighted twice");
                }
                if (weights.size() > Choice.ITEMS_MAX) {
                    throw new BadBallotException("the ballot has more than " + Choice.ITEMS_MAX + " weights");
                }
            }
            return WholeWeights.of(weights, WEIGHT_DIGITS_MAX);
        }

        private static int option(BigDecimal number) throws BadBallotException {
            // Far out of any range is left to the method to refuse; what does not fit in an int is refused here.
            if (number.scale() > 0 && number.stripTrailingZeros().scale() > 0
                    || number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
                throw new BadBallotException("option " + BallotCollector.quote(number.toString()) + " does not exist");
            }
            return number.intValue() - 1;
        }

        private BigDecimal number(String what) throws IOException, BadBallotException {
            return switch (json.currentToken()) {
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING -> decimal(json.getText(), what);
                default ->
                    throw new BadBallotException(what + " is no number: " + BallotCollector.quote(json.getText()));
            };
        }

        private static BigDecimal decimal(String text, String what) throws BadBallotException {
            if (text.length() > NUMBER_LENGTH_MAX_CHARS || !text.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d{1,6})?")) {
                throw new BadBallotException(what + " is no number: " + BallotCollector.quote(text));
            }
            return new BigDecimal(text);
        }
    }
}
