// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Holds answers against an OpenAPI document: path, method, status, media type, and the body against its JSON Schema, of which the words that
 * the document uses are known. A word that is not known fails, so none is passed over.
 */
final class OpenApi {

    private static final Set<String> NOTES = Set.of("description", "contentEncoding", "default", "title", "summary");

    private final ObjectMapper mapper = new ObjectMapper();
    private final JsonNode document;
    private final Set<String> seen = new HashSet<>();

    OpenApi(byte[] document) throws IOException {
        this.document = mapper.readTree(document);
    }

    /** Fails unless the document foresees this answer. */
    void check(String method, String path, int status, String contentType, byte[] body) throws IOException {
        String template = template(path).orElseThrow(() -> new AssertionError(path + " is not described"));
        JsonNode operation = document.path("paths").path(template).path(method.toLowerCase(java.util.Locale.ROOT));
        JsonNode responses = operation.path("responses");
        JsonNode response = resolve(
                responses.has(String.valueOf(status))
                        ? responses.path(String.valueOf(status))
                        : responses.path("default"));
        if (response.isObject() && !response.has("content")) {
            assertThat(body).as("%s %s: status %d", method, path, status).isEmpty();
            return;
        }
        String type = contentType.split(";")[0].strip();
        JsonNode media = response.path("content").path(type);
        assertThat(media.isObject())
                .as("%s %s: status %d with %s is described", method, path, status, type)
                .isTrue();
        assertThat(responses.has(String.valueOf(status)) || status >= 400)
                .as("%s %s: status %d is described", method, path, status)
                .isTrue();
        if (type.endsWith("json")) {
            List<String> faults = new ArrayList<>();
            validate(mapper.readTree(body), media.path("schema"), "$", faults);
            assertThat(faults).as("%s %s", method, path).isEmpty();
        }
        seen.add(method + " " + template);
    }

    /** Fails unless the data fit a schema of the document. */
    void check(String schema, String json) throws IOException {
        List<String> faults = new ArrayList<>();
        validate(
                mapper.readTree(json),
                document.path("components").path("schemas").path(schema),
                "$",
                faults);
        assertThat(faults).as(json).isEmpty();
    }

    /** What is described and was never checked. */
    Set<String> unseen() {
        Set<String> all = new HashSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> all.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        all.removeAll(seen);
        return all;
    }

    private Optional<String> template(String path) {
        for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
            if (Pattern.matches(entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+"), path)) {
                return Optional.of(entry.getKey());
            }
        }
        return Optional.empty();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
    }

    private void validate(JsonNode value, JsonNode schema, String at, List<String> faults) {
        assertThat(schema.isObject()).as("schema at %s", at).isTrue();
        schema.properties().forEach(word -> {
            if (!NOTES.contains(word.getKey()) && !holds(word.getKey(), word.getValue(), value, schema, at, faults)) {
                faults.add(at + ": " + word.getKey() + " " + word.getValue() + " does not hold for " + value);
            }
        });
    }

    private boolean holds(
            String word, JsonNode argument, JsonNode value, JsonNode schema, String at, List<String> faults) {
        switch (word) {
            case "$ref" -> validate(value, resolve(schema), at, faults);
            case "properties" ->
                argument.properties().forEach(property -> {
                    if (value.has(property.getKey())) {
                        validate(
                                value.get(property.getKey()),
                                property.getValue(),
                                at + "." + property.getKey(),
                                faults);
                    }
                });
            case "additionalProperties" ->
                value.properties().forEach(property -> {
                    if (!schema.path("properties").has(property.getKey())) {
                        if (argument.isBoolean() && !argument.booleanValue()) {
                            faults.add(at + "." + property.getKey() + " is not described");
                        } else if (argument.isObject()) {
                            validate(property.getValue(), argument, at + "." + property.getKey(), faults);
                        }
                    }
                });
            case "items" -> {
                int i = 0;
                for (Iterator<JsonNode> items = value.elements(); items.hasNext(); i++) {
                    validate(items.next(), argument, at + "[" + i + "]", faults);
                }
            }
            default -> {
                return holds(word, argument, value, at);
            }
        }
        return true;
    }

    private boolean holds(String word, JsonNode argument, JsonNode value, String at) {
        return switch (word) {
            case "type" ->
                switch (argument.textValue()) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "boolean" -> value.isBoolean();
                    case "null" -> value.isNull();
                    default -> throw new AssertionError("unknown type " + argument);
                };
            case "required" -> {
                boolean all = true;
                for (JsonNode name : argument) {
                    all &= value.has(name.textValue());
                }
                yield all;
            }
            case "oneOf" -> {
                int fits = 0;
                for (JsonNode choice : argument) {
                    List<String> own = new ArrayList<>();
                    validate(value, choice, at, own);
                    fits += own.isEmpty() ? 1 : 0;
                }
                yield fits == 1;
            }
            case "const" -> value.equals(argument);
            case "enum" -> {
                boolean found = false;
                for (JsonNode choice : argument) {
                    found |= choice.equals(value);
                }
                yield found;
            }
            case "pattern" ->
                Pattern.compile(argument.textValue()).matcher(value.asText()).find();
            case "minimum" -> value.longValue() >= argument.longValue();
            case "maximum" -> value.longValue() <= argument.longValue();
            default -> throw new AssertionError("the schema uses " + word + ", which this check does not know");
        };
    }
}
