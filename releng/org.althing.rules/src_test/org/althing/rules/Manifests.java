package org.althing.rules;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/** Reads the OSGi headers of a bundle's manifest. */
final class Manifests {

    /** One clause of a header: a package or bundle with its attributes and directives ({@code version}, {@code x-friends:}). */
    record Clause(String name, Map<String, String> parameters) {}

    private Manifests() {}

    static Attributes read(Path bundle) throws IOException {
        try (InputStream in = Files.newInputStream(bundle.resolve("META-INF/MANIFEST.MF"))) {
            return new Manifest(in).getMainAttributes();
        }
    }

    static List<Clause> clauses(String header) {
        List<Clause> clauses = new ArrayList<>();
        if (header == null) {
            return clauses;
        }
        for (String clause : split(header, ',')) {
            List<String> parts = split(clause, ';');
            Map<String, String> parameters = new TreeMap<>();
            for (String part : parts.subList(1, parts.size())) {
                int equals = part.indexOf('=');
                parameters.put(
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).replace("\"", "").strip());
            }
            clauses.add(new Clause(parts.getFirst(), parameters));
        }
        return clauses;
    }

    /** Splits outside quotation marks. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == separator && !quoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return parts;
    }
}
