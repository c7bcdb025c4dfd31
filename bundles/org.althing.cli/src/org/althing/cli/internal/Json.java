// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/** JSON as commands print it: keys of records are the names of their components, an absent value is null. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper().registerModule(module());

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

    /** Reads token by token, so that errors can name a line; comments are welcome. */
    static JsonParser parser(String text) throws IOException {
        return MAPPER.createParser(text).enable(JsonParser.Feature.ALLOW_COMMENTS);
    }

    public static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** {@code {"error":{"message":..,"code":..}}}; the code is that of the process. */
    public static ObjectNode error(String message, ExitCode exit) {
        ObjectNode answer = object();
        answer.putObject("error").put("message", message).put("code", exit.code());
        return answer;
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private static SimpleModule module() {
        return new SimpleModule().addSerializer((Class) Optional.class, new OptionalSerializer());
    }

    private static final class OptionalSerializer extends JsonSerializer<Optional<?>> {
        @Override
        public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.orElse(null), out);
        }
    }
}
