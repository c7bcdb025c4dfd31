// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;

/** JSON as commands print it: keys of records are the names of their components, an absent value is null. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new Jdk8Module())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Records, lists, maps, texts and numbers as a tree. */
    public static <T extends JsonNode> T of(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Reads token by token, so that errors can name a line; comments are welcome. {@link JsonFields} is for files. */
    static JsonParser parser(String text) throws IOException {
        return MAPPER.createParser(text).enable(JsonParser.Feature.ALLOW_COMMENTS);
    }

    /** One value and nothing after it; no field is given twice. */
    public static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.reader()
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .readTree(text);
    }

    /** {@code {"error":{"message":..,"code":..}}}; the code is that of the process. */
    public static ObjectNode error(String message, ExitCode exit) {
        ObjectNode answer = object();
        answer.putObject("error").put("message", message).put("code", exit.code());
        return answer;
    }
}
