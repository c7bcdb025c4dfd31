// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.althing.api.assembly.Assembly;
import org.althing.fuzz.FuzzTarget;

/** What a node elsewhere answers to a client, as views. */
public final class AnswerTarget {

    private static final int STRING_MAX_CHARS = 128 * 1024 * 1024;
    private static final ObjectMapper MAPPER = Views.mapper(STRING_MAX_CHARS);
    private static final List<Class<?>> VIEWS = List.of(
            Assembly.Status.class,
            Assembly.DaoView.class,
            Assembly.MemberView.class,
            Assembly.Authoring.class,
            Assembly.Submission[].class,
            Assembly.ProposalView.class,
            Assembly.CommentView.class,
            Assembly.SealView.class);

    private AnswerTarget() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "{\"height\":7,\"daos\":[{}],\"peers\":[],\"network\":{\"peer\":\"p\",\"counters\":null}}",
                        "[{\"entry\":\"b\",\"state\":\"pending\",\"reason\":null,\"height\":-1}]",
                        "{\"proposal\":\"b\",\"options\":[\"a\"],\"opens\":1,\"tally\":{\"winners\":[]}}",
                        "{\"height\":1,\"seal\":\"b\",\"time\":1}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .flatMap(json -> java.util.stream.IntStream.range(0, VIEWS.size())
                        .mapToObj(view -> FuzzTarget.forDecoder(view, json)))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] json = Arrays.copyOfRange(input, 1, input.length);
        try {
            Object view = MAPPER.readValue(json, VIEWS.get(input[0] & VIEWS.size() - 1));
            FuzzTarget.require(view == null || MAPPER.writeValueAsBytes(view).length > 0, "a view is read whole");
        } catch (IOException e) {
            // Refused, as declared.
        }
    }
}
