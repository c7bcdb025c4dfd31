// SPDX-License-Identifier: EPL-2.0
package org.althing.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.cyclonedx.Version;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the archives of the product that the build has just made. */
class ArchivesTest {

    private static final Instant TIME = Instant.ofEpochSecond(1_800_000_000);

    @TempDir
    static Path folder;

    private static Product product;
    private static List<Path> made;

    @BeforeAll
    static void make() throws Exception {
        product = new Product(Path.of(System.getProperty("althing.root")));
        made = Dist.make(product, folder.resolve("dist"), TIME);
    }

    @Test
    void theSameSourcesGiveTheSameBytes() throws Exception {
        List<Path> again = Dist.make(product, folder.resolve("again"), TIME);
        assertThat(again).hasSameSizeAs(made);
        for (int i = 0; i < made.size(); i++) {
            assertThat(Files.mismatch(made.get(i), again.get(i)))
                    .as(made.get(i).toString())
                    .isEqualTo(-1);
        }
    }

    @Test
    void everySystemHasAnArchiveWithItsHash() throws Exception {
        List<String> sums = Files.readAllLines(folder.resolve("dist/SHA256SUMS"));
        assertThat(sums).hasSize(2 * Platform.values().length);
        for (String line : sums) {
            String[] words = line.split("  ");
            assertThat(Sha256.of(folder.resolve("dist").resolve(words[1]))).isEqualTo(words[0]);
        }
    }

    @Test
    void theBillOfMaterialsIsValidAndNamesEveryBundleAsItIs() throws Exception {
        for (Platform platform : Platform.values()) {
            Path bill = folder.resolve("dist/" + platform.archive(product.version()) + ".cdx.json");
            assertThat(new JsonParser().validate(bill.toFile(), Version.VERSION_16))
                    .isEmpty();
            Bom bom = new JsonParser().parse(bill.toFile());
            Map<String, String> hashes = new HashMap<>();
            for (Component component : bom.getComponents()) {
                hashes.put(component.getHashes().getFirst().getValue(), component.getName());
                assertThat(component.getVersion()).isNotBlank();
                assertThat(component.getPurl()).startsWith("pkg:maven/");
                assertThat(component.getLicenses().getLicenses()).isNotEmpty();
            }
            for (Path bundle : product.bundles(platform)) {
                assertThat(hashes.remove(Sha256.of(bundle)))
                        .as(bundle.toString())
                        .isNotNull();
            }
            assertThat(hashes).isEmpty();
        }
    }

    @Test
    void theArchiveForWindowsStartsWhatItHolds() throws Exception {
        try (ZipFile zip = new ZipFile(folder.resolve("dist")
                .resolve(Platform.WINDOWS.archive(product.version()))
                .toFile())) {
            String root = "althing-" + product.version() + "/";
            assertThat(zip.getEntry(root + "althing.cmd")).isNotNull();
            assertThat(zip.getEntry(root + "althing")).isNull();
            assertThat(zip.getEntry(root + "althing.cdx.json")).isNotNull();
            String configuration = new String(zip.getInputStream(zip.getEntry(root + "configuration/config.ini"))
                    .readAllBytes());
            List<String> bundles = zip.stream()
                    .map(entry -> entry.getName().replace(root, ""))
                    .filter(name -> name.startsWith("plugins/") && !name.contains("org.eclipse.osgi_"))
                    .map(name -> name.replace("plugins/", ""))
                    .toList();
            String started = configuration
                    .lines()
                    .filter(line -> line.startsWith("osgi.bundles="))
                    .collect(Collectors.joining());
            assertThat(bundles).allMatch(started::contains).noneMatch(name -> name.contains("accp"));
            assertThat(started.split(",")).hasSameSizeAs(bundles);
            assertThat(configuration).doesNotContain("#").doesNotContain("p2");
        }
    }
}
