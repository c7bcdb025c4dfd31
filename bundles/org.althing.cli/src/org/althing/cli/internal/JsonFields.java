// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one JSON object that somebody else wrote, which may hold comments. It is read strictly: whatever is not as it should be is
 * refused, and the message names its line or field.
 */
final class JsonFields {

    private final String where;
    private final Map<String, Field> fields;

    private JsonFields(String where, Map<String, Field> fields) {
        this.where = where;
        this.fields = fields;
    }

    /**
     * One value.
     *
     * @param where names it in messages
     */
    record Field(String where, JsonNode value) {

        String text() throws Failure {
            if (!value.isTextual()) {
                throw wrong("write a text, \"...\"");
            }
            // Half a character has no bytes: what is signed would not be what was read.
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.asText())) {
                throw wrong("it holds half a character; write a whole one");
            }
            return value.asText();
        }

        int number() throws Failure {
            long number = largeNumber();
            if (number != (int) number) {
                throw wrong("write a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
            }
            return (int) number;
        }

        long largeNumber() throws Failure {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw wrong("write a whole number, such as 1");
            }
            return value.longValue();
        }

        List<Field> list() throws Failure {
            if (!value.isArray()) {
                throw wrong("write a list, [...]");
            }
            List<Field> items = new ArrayList<>();
            value.forEach(item -> items.add(new Field(where, item)));
            return items;
        }

        JsonFields fields() throws Failure {
            if (!value.isObject()) {
                throw wrong("write an object, {\"NAME\": VALUE}");
            }
            Map<String, Field> fields = new LinkedHashMap<>();
            value.properties()
                    .forEach(field -> fields.put(
                            field.getKey(), new Field(where + ", '" + field.getKey() + "'", field.getValue())));
            return new JsonFields(where, fields);
        }

        Failure wrong(String reason) {
            return Failure.usage(where + ": " + reason);
        }
    }

    /** @param where names the text in messages */
    static JsonFields read(String where, String text) throws Failure {
        Map<String, Field> fields = new LinkedHashMap<>();
        try (JsonParser in = Json.parser(text)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw Failure.usage(where + ": it holds no JSON object, {...}");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                String at = where + ", line " + in.currentLocation().getLineNr() + ", field '" + name + "'";
                in.nextToken();
                if (fields.put(name, new Field(at, in.readValueAsTree())) != null) {
                    throw Failure.usage(at + ": it is there twice; take one out");
                }
            }
            if (in.nextToken() != null) {
                throw Failure.usage(where + ", line " + in.currentLocation().getLineNr()
                        + ": something follows the closing brace; take it out");
            }
        } catch (JsonMappingException e) {
            throw Failure.usage(line(where, e) + ": a name is there twice; take one out");
        } catch (JsonProcessingException e) {
            throw Failure.usage(line(where, e) + ": this is not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException("no file is read here", e);
        }
        return new JsonFields(where, fields);
    }

    private static String line(String where, JsonProcessingException e) {
        return e.getLocation() == null
                ? where
                : where + ", line " + e.getLocation().getLineNr();
    }

    /** All fields in their order. */
    Map<String, Field> all() {
        return Collections.unmodifiableMap(fields);
    }

    Field get(String name) throws Failure {
        Field field = fields.get(name);
        if (field == null) {
            throw Failure.usage(where + ": field '" + name + "' is missing");
        }
        return field;
    }

    /** Refuses fields of other names. */
    JsonFields requireNoneBut(Collection<String> names) throws Failure {
        for (Map.Entry<String, Field> field : fields.entrySet()) {
            if (!names.contains(field.getKey())) {
                throw field.getValue().wrong("there is no such field; write " + String.join(", ", names));
            }
        }
        return this;
    }

    /** All values, which must be texts. */
    Map<String, String> texts() throws Failure {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Field> field : fields.entrySet()) {
            texts.put(field.getKey(), field.getValue().text());
        }
        return texts;
    }
}
