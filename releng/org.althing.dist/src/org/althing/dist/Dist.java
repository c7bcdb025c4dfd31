// SPDX-License-Identifier: EPL-2.0
package org.althing.dist;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/** {@code ./althing dist}: the archives for all systems, their bills of materials, and the hashes of both. */
public final class Dist {

    private static final String BILL = "althing.cdx.json";

    private Dist() {}

    /**
     * Argument: the checkout. The environment variable {@code SOURCE_DATE_EPOCH} is the time of everything in the archives, in
     * seconds; the system property {@code althing.json} asks for the answer in JSON.
     */
    public static void main(String[] arguments) throws IOException {
        Path checkout = Path.of(arguments[0]);
        Instant time = Instant.ofEpochSecond(Long.parseLong(System.getenv("SOURCE_DATE_EPOCH")));
        List<Path> files = make(new Product(checkout), checkout.resolve("target/dist"), time);
        if (Boolean.getBoolean("althing.json")) {
            System.out.println(json(files));
        } else {
            files.forEach(System.out::println);
        }
    }

    /** Makes everything in the folder and returns the files; what was in it is gone. */
    static List<Path> make(Product product, Path folder, Instant time) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> old = Files.list(folder)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        List<Path> made = new ArrayList<>();
        BillOfMaterials bills = new BillOfMaterials(product, time);
        for (Platform platform : Platform.values()) {
            byte[] bill = bills.of(product.bundles(platform));
            SortedMap<String, Product.Content> files = product.files(platform);
            files.put(BILL, new Product.Content(bill, false));
            Path archive = folder.resolve(platform.archive(product.version()));
            Archive.write(archive, "althing-" + product.version(), files, time);
            made.add(archive);
            made.add(Files.write(archive.resolveSibling(Product.name(archive) + ".cdx.json"), bill));
        }
        bills.requireAllUsed();
        StringBuilder sums = new StringBuilder();
        for (Path file : made) {
            sums.append(Sha256.of(file)).append("  ").append(Product.name(file)).append('\n');
        }
        made.add(Files.writeString(folder.resolve("SHA256SUMS"), sums));
        return made;
    }

    private static ObjectNode json(List<Path> files) throws IOException {
        ObjectNode answer = new ObjectMapper().createObjectNode();
        ArrayNode array = answer.putArray("files");
        for (Path file : files) {
            array.addObject()
                    .put("file", file.toString())
                    .put("bytes", Files.size(file))
                    .put("sha256", Sha256.of(file));
        }
        return answer;
    }
}
