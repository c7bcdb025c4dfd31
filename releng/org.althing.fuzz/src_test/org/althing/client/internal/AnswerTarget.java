// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.althing.api.assembly.Assembly;
import org.althing.fuzz.FuzzTarget;

/** What a node elsewhere answers to a client, as views. */
public final class AnswerTarget {

    private static final int STRING_MAX_CHARS = 128 * 1024 * 1024;
    private static final ObjectMapper MAPPER = Views.mapper(STRING_MAX_CHARS);
    /** As many as a power of two. */
    private static final List<Class<?>> VIEWS = List.of(
            Assembly.Status.class,
            Assembly.DaoView.class,
            Assembly.MemberView.class,
            Assembly.Authoring.class,
            Assembly.Submission[].class,
            Assembly.ProposalView.class,
            Assembly.CommentView.class,
            Assembly.SealView.class,
            Assembly.MethodView.class,
            Assembly.PeerView.class,
            Assembly.SyncView.class,
            Assembly.Invite.class,
            Assembly.BallotView.class,
            Assembly.MessageView[].class,
            Assembly.EvidenceFile.class,
            Assembly.ProposalView[].class);

    private AnswerTarget() {}

    /** A whole answer of each kind: what has a part missing is refused before the rest is read. */
    public static List<byte[]> seeds() {
        return IntStream.range(0, VIEWS.size())
                .mapToObj(view -> FuzzTarget.forDecoder(
                        view, sample(VIEWS.get(view)).toString().getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static JsonNode sample(Type type) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (type instanceof ParameterizedType generic) {
            Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
            if (generic.getRawType() == Map.class) {
                return nodes.objectNode().set("a", sample(last));
            }
            return generic.getRawType() == Optional.class
                    ? sample(last)
                    : nodes.arrayNode().add(sample(last)).add(sample(last));
        }
        if (!(type instanceof Class<?> plain)) {
            return nodes.nullNode();
        }
        if (plain.isArray()) {
            return nodes.arrayNode().add(sample(plain.getComponentType()));
        }
        if (plain.isRecord()) {
            ObjectNode object = nodes.objectNode();
            for (RecordComponent part : plain.getRecordComponents()) {
                object.set(part.getName(), sample(part.getGenericType()));
            }
            return object;
        }
        if (plain == boolean.class) {
            return nodes.booleanNode(true);
        }
        return plain.isPrimitive() ? nodes.numberNode(1) : nodes.textNode("b");
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
