// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.althing.api.Cid;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds this code to docs/formats/vectors.json, the examples that every other implementation is held to. With
 * {@code -Dalthing.vectors.write=true} the file is written anew: only for a new version of the format.
 */
class FormatVectorsTest {

    private static final Path FILE = Path.of("..", "..", "docs", "formats", "vectors.json");
    private static final Pattern LINE =
            Pattern.compile("\\{\"name\":\"([^\"]+)\",\"cid\":\"([^\"]+)\",\"hex\":\"([0-9a-f]+)\"\\},?");

    private record Vector(String name, Cid cid, byte[] bytes) {}

    @TestFactory
    List<DynamicTest> everyVectorIsReadAndRewrittenToTheSameBytes() throws IOException {
        if (Boolean.getBoolean("althing.vectors.write")) {
            write();
        }
        return vectors().stream()
                .map(vector -> DynamicTest.dynamicTest(vector.name, () -> {
                    assertThat(rewriter(vector.name).apply(vector.bytes)).isEqualTo(vector.bytes);
                    assertThat(Cid.hash(vector.bytes)).isEqualTo(vector.cid);
                }))
                .toList();
    }

    @Test
    void everyTypeOfTheFormatHasAVector() throws IOException {
        assertThat(vectors())
                .extracting(Vector::name)
                .containsExactlyElementsOf(samples().keySet());
    }

    private static UnaryOperator<byte[]> rewriter(String name) {
        return switch (name) {
            case "header" -> bytes -> SealCodec.encode(SealCodec.decodeHeader(bytes));
            case "certificate" -> bytes -> SealCodec.encode(SealCodec.decodeCertificate(bytes));
            default -> bytes -> EntryCodec.encode(EntryCodec.decode(bytes));
        };
    }

    private static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            Matcher matcher = LINE.matcher(line.strip());
            if (matcher.matches()) {
                vectors.add(new Vector(
                        matcher.group(1),
                        Cid.parse(matcher.group(2)),
                        HexFormat.of().parseHex(matcher.group(3))));
            }
        }
        return vectors;
    }

    private static void write() throws IOException {
        Files.writeString(
                FILE,
                samples().entrySet().stream()
                        .map(e -> "{\"name\":\"" + e.getKey() + "\",\"cid\":\"" + Cid.hash(e.getValue())
                                + "\",\"hex\":\"" + HexFormat.of().formatHex(e.getValue()) + "\"}")
                        .collect(Collectors.joining(",\n", "[\n", "\n]\n")));
    }

    private static Map<String, byte[]> samples() {
        SampleEntries samples = new SampleEntries(5);
        TreeMap<String, byte[]> byName = new TreeMap<>();
        for (var body : samples.bodies()) {
            byte[] entry = samples.entry(body.apply(samples));
            byName.put("entry-" + BodyCodec.type(EntryCodec.decode(entry).body()), entry);
        }
        byName.put("header", SealCodec.encode(samples.header()));
        byName.put("certificate", SealCodec.encode(samples.certificate()));
        for (var body : samples.privateBodies()) {
            byte[] entry = samples.entry(body.apply(samples));
            byName.put("entry-" + BodyCodec.type(EntryCodec.decode(entry).body()), entry);
        }
        byName.put("entry-charter-private", samples.entry(samples.privateCharter()));
        return byName;
    }
}
