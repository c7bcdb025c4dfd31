// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;

/** The one mapping between views and JSON: records by their names, what is absent is null. Safe for use by many threads. */
final class Json {

    private final ObjectMapper mapper;

    Json() {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(HttpLimits.JSON_DEPTH_MAX)
                .maxStringLength(HttpLimits.BODY_SIZE_MAX_BYTES)
                .build();
        mapper = new ObjectMapper(JsonFactory.builder()
                        .streamReadConstraints(constraints)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .registerModule(new Jdk8Module());
    }

    byte[] bytes(Object view) {
        try {
            return mapper.writeValueAsBytes(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("views make JSON", e);
        }
    }

    /** A view with one more member, if there is something to say in it. */
    ObjectNode with(Object view, String name, Optional<String> text) {
        ObjectNode object = mapper.valueToTree(view);
        text.ifPresent(given -> object.put(name, given));
        return object;
    }

    Reply reply(Object view) {
        return Reply.ok(Reply.JSON, bytes(view));
    }

    /**
     * A problem as an answer.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
     */
    Reply reply(Problem problem) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("type", "about:blank");
        view.put("title", HttpStatus.getMessage(problem.status()));
        view.put("status", problem.status());
        view.put("detail", String.valueOf(problem.getMessage()));
        return new Reply(problem.status(), Reply.PROBLEM, new Reply.Bytes(bytes(view)), problem.headers());
    }

    JsonNode read(byte[] bytes) throws Problem {
        try {
            return mapper.readTree(bytes);
        } catch (IOException e) {
            throw Problem.bad("the body is no JSON; send {\"entries\":[\"base64\"],\"waitMillis\":0}");
        }
    }
}
