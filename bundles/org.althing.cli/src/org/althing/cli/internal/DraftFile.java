// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * A proposal that nobody has signed yet: the title and the options of {@code althing propose}, named as they are typed, in JSON that may
 * hold comments. Files that it names are looked for beside it.
 */
final class DraftFile {

    private static final String TITLE = "title";
    private static final int SIZE_MAX_BYTES = 256 * 1024;

    /** Fields in the order in which they are written; all but the title are options. */
    private static final Set<String> FIELDS = new LinkedHashSet<>(List.of(
            TITLE,
            "dao",
            "text",
            "text-file",
            "option",
            "method",
            "seats",
            "unranked",
            "review",
            "voting",
            "time-lock",
            "quorum",
            "threshold",
            "admit",
            "role",
            "votes",
            "remove",
            "set-roles",
            "set-power",
            "set-rule",
            "set-notary"));
    /** Of these one is enough: what is typed stands for both. */
    private static final Set<String> TEXTS = Set.of("text", "text-file");

    private final CommandSpec command;
    private final ParseResult typed;
    private final Set<String> filled = new LinkedHashSet<>();

    /** @param command {@code propose}, after its command line was parsed */
    DraftFile(CommandSpec command) {
        this.command = command;
        this.typed = command.commandLine().getParseResult();
    }

    /** Takes from a draft what was not typed. */
    void fill(Path file) throws Failure, IOException {
        try (JsonParser in = Json.parser(InputFile.text(file, SIZE_MAX_BYTES))) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw Failure.usage(file + " is no draft: it holds no JSON object; `althing propose --save` makes one");
            }
            for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
                int line = in.currentLocation().getLineNr();
                in.nextToken();
                fill(file, field, in.readValueAsTree(), file + ", line " + line + ", field '" + field + "': ");
            }
            if (in.nextToken() != null) {
                throw Failure.usage(file + ", line " + in.currentLocation().getLineNr()
                        + ": there is more after the closing brace; a file holds one draft");
            }
        } catch (JsonProcessingException e) {
            throw Failure.usage(
                    file + ", line " + e.getLocation().getLineNr() + ": this is not JSON: " + e.getOriginalMessage());
        }
    }

    private void fill(Path file, String field, JsonNode value, String where) throws Failure {
        if (!FIELDS.contains(field)) {
            throw Failure.usage(where + "there is no such field; write " + String.join(", ", FIELDS));
        }
        filled.add(field);
        Object read = read(field, value, where, file.toAbsolutePath().getParent());
        if (!isTyped(field)) {
            arg(field).setValue(read);
        }
    }

    private boolean isTyped(String field) {
        if (field.equals(TITLE)) {
            return typed.hasMatchedPositional(0);
        }
        return TEXTS.contains(field)
                ? TEXTS.stream().anyMatch(text -> typed.hasMatchedOption("--" + text))
                : typed.hasMatchedOption("--" + field);
    }

    private ArgSpec arg(String field) {
        return field.equals(TITLE) ? command.positionalParameters().getFirst() : command.findOption("--" + field);
    }

    private Object read(String field, JsonNode value, String where, Path folder) throws Failure {
        ArgSpec arg = arg(field);
        if (arg.type() == Map.class) {
            return texts(value, where);
        }
        if (arg.type() == List.class) {
            List<Object> list = new ArrayList<>();
            if (!value.isArray()) {
                throw Failure.usage(where + "write a list, [\"...\"]");
            }
            for (JsonNode item : value) {
                list.add(one(field, text(item, where), arg.auxiliaryTypes()[0], folder, where));
            }
            return list;
        }
        if (arg.type() == int.class) {
            if (!value.isInt()) {
                throw Failure.usage(where + "write a whole number, such as 1");
            }
            return value.intValue();
        }
        return one(field, text(value, where), arg.type(), folder, where);
    }

    private static Object one(String field, String text, Class<?> type, Path folder, String where) throws Failure {
        boolean names = type == Path.class || field.equals("set-notary") && !text.startsWith(ProposeCommand.KEY_PREFIX);
        if (!names) {
            return text;
        }
        try {
            Path path = folder.resolve(text);
            return type == Path.class ? path : path.toString();
        } catch (InvalidPathException e) {
            throw Failure.usage(where + "'" + Words.clean(text) + "' is no name of a file");
        }
    }

    private static Map<String, String> texts(JsonNode value, String where) throws Failure {
        if (!value.isObject()) {
            throw Failure.usage(where + "write an object, {\"NAME\": \"VALUE\"}");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            texts.put(entry.getKey(), text(entry.getValue(), where));
        }
        return texts;
    }

    private static String text(JsonNode value, String where) throws Failure {
        if (!value.isTextual()) {
            throw Failure.usage(where + "write a text, \"...\"");
        }
        return value.asText();
    }

    /** Writes what was typed and filled in to a file, which must not exist. */
    void write(Path file) throws IOException {
        ObjectNode draft = Json.object();
        for (String field : FIELDS) {
            if (isTyped(field) || filled.contains(field)) {
                put(draft, field, arg(field).getValue());
            }
        }
        String note = "// A draft of a proposal; nobody has signed it. Edit it, then: althing propose --from "
                + file.getFileName() + "\n"
                + "// Fields are named as the options of `althing propose --help`.\n";
        Files.writeString(file, note + draft.toPrettyString() + "\n", StandardOpenOption.CREATE_NEW);
    }

    private static void put(ObjectNode draft, String field, @Nullable Object value) {
        switch (value) {
            case null -> {}
            case Path path -> draft.put(field, path.toAbsolutePath().toString());
            case List<?> list -> {
                var items = draft.putArray(field);
                list.forEach(item -> items.add(
                        item instanceof Path path
                                ? path.toAbsolutePath().toString()
                                : absolute(field, item.toString())));
            }
            case Map<?, ?> map -> {
                ObjectNode texts = draft.putObject(field);
                map.forEach((name, text) -> texts.put(name.toString(), text.toString()));
            }
            case Integer number -> draft.put(field, number);
            default -> draft.put(field, value.toString());
        }
    }

    private static String absolute(String field, String text) {
        return field.equals("set-notary") && !text.startsWith(ProposeCommand.KEY_PREFIX)
                ? Path.of(text).toAbsolutePath().toString()
                : text;
    }
}
