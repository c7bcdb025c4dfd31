// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
        Path folder = file.toAbsolutePath().getParent();
        Map<String, JsonFields.Field> draft = JsonFields.read(file.toString(), InputFile.text(file, SIZE_MAX_BYTES))
                .requireNoneBut(FIELDS)
                .all();
        for (Map.Entry<String, JsonFields.Field> field : draft.entrySet()) {
            filled.add(field.getKey());
            Object read = read(field.getKey(), field.getValue(), folder);
            if (!isTyped(field.getKey())) {
                arg(field.getKey()).setValue(read);
            }
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

    private Object read(String name, JsonFields.Field field, Path folder) throws Failure {
        ArgSpec arg = arg(name);
        if (arg.type() == Map.class) {
            return field.fields().texts();
        }
        if (arg.type() == List.class) {
            List<Object> list = new ArrayList<>();
            for (JsonFields.Field item : field.list()) {
                list.add(one(name, item, arg.auxiliaryTypes()[0], folder));
            }
            return list;
        }
        return arg.type() == int.class ? field.number() : one(name, field, arg.type(), folder);
    }

    private static Object one(String name, JsonFields.Field field, Class<?> type, Path folder) throws Failure {
        String text = field.text();
        if (type == Path.class) {
            return folder.resolve(InputFile.path(field.where(), text));
        }
        return name.equals("set-notary") && !text.startsWith(ProposeCommand.KEY_PREFIX)
                ? folder.resolve(InputFile.path(field.where(), text)).toString()
                : text;
    }

    /** Writes what was typed and filled in to a file, which must not exist. */
    void write(Path file) throws Failure, IOException {
        ObjectNode draft = Json.object();
        for (String field : FIELDS) {
            if (isTyped(field) || filled.contains(field)) {
                put(draft, field, arg(field).getValue());
            }
        }
        String note = "// A draft of a proposal; nobody has signed it. Edit it, then: althing propose --from "
                + file.getFileName() + "\n"
                + "// Fields are named as the options of `althing propose --help`.\n";
        OutputFile.write(file, note + draft.toPrettyString() + "\n");
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
