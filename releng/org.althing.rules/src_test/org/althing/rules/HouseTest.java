package org.althing.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The house as it is built now. */
class HouseTest {

    private static final Path ROOT = Path.of(System.getProperty("althing.root", "../.."));

    @Test
    void everyBundleKeepsToItsFloor() throws IOException {
        List<Attributes> manifests = new ArrayList<>();
        for (Path bundle : bundles()) {
            manifests.add(Manifests.read(bundle));
        }
        assertThat(manifests).hasSizeGreaterThan(12);
        assertThat(HouseRules.violations(manifests)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"codec", "tally", "methods", "governance"})
    void consensusCodeKnowsNoFloatingPoint(String bundle) throws IOException {
        Path classes = ROOT.resolve("bundles/org.althing." + bundle + "/target/classes");
        List<String> uses = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                uses.addAll(FloatingPoint.uses(Files.readAllBytes(file)));
            }
        }
        assertThat(uses).isEmpty();
    }

    @Test
    void testBundlesAreNeverShipped() throws IOException {
        String feature = Files.readString(ROOT.resolve("features/org.althing.node.feature/feature.xml"));
        assertThat(feature).contains("org.althing.api").doesNotContain("testkit", "itest", "fuzz", "jazzer");
    }

    private static List<Path> bundles() throws IOException {
        List<Path> bundles = new ArrayList<>();
        for (String folder : List.of("bundles", "releng")) {
            try (Stream<Path> children = Files.list(ROOT.resolve(folder))) {
                children.filter(c -> Files.exists(c.resolve("META-INF/MANIFEST.MF")))
                        .sorted()
                        .forEach(bundles::add);
            }
        }
        return bundles;
    }
}
