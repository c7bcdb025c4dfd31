// SPDX-License-Identifier: EPL-2.0
package org.althing.dist;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import com.github.packageurl.PackageURLBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.LicenseChoice;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.util.LicenseResolver;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The bundles of an archive in CycloneDX JSON: name, version, licence, SHA-256 and package URL of each. It is read from the bundles
 * themselves, since a Maven project's dependencies are not what p2 puts into a product.
 */
final class BillOfMaterials {

    private static final String LICENCE = "licence.";
    private static final String HOLDS = "holds.";

    private final Map<String, Map<String, String>> metadata;
    private final Properties known = new Properties();
    private final Set<String> used = new TreeSet<>();
    private final String version;
    private final Instant time;

    /** A wrapped library has a manifest of ours, so its bytes are not those in the Maven repository. */
    private record Coordinates(String group, String artifact, String version, String type, String classifier) {

        String url() {
            PackageURLBuilder url = PackageURLBuilder.aPackageURL()
                    .withType(PackageURL.StandardTypes.MAVEN)
                    .withNamespace(group)
                    .withName(artifact)
                    .withVersion(version)
                    .withQualifier("type", type);
            if (!classifier.isEmpty()) {
                url.withQualifier("classifier", classifier);
            }
            try {
                return url.build().canonicalize();
            } catch (MalformedPackageURLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    BillOfMaterials(Product product, Instant time) throws IOException {
        metadata = metadata(product.metadata());
        version = product.version();
        this.time = time;
        try (InputStream in = Files.newInputStream(product.components())) {
            known.load(in);
        }
    }

    /** The document for these bundles. */
    byte[] of(List<Path> bundles) throws IOException {
        Bom bom = new Bom();
        Component althing = new Component();
        althing.setType(Component.Type.APPLICATION);
        althing.setBomRef("althing");
        althing.setName("althing");
        althing.setVersion(version);
        althing.setLicenses(licence("EPL-2.0", "althing"));
        Metadata about = new Metadata();
        about.setComponent(althing);
        about.setTimestamp(Date.from(time));
        bom.setMetadata(about);
        StringBuilder hashes = new StringBuilder();
        for (Path bundle : bundles) {
            Component component = component(bundle);
            hashes.append(component.getHashes().getFirst().getValue());
            bom.addComponent(component);
        }
        bom.setSerialNumber(
                "urn:uuid:" + UUID.nameUUIDFromBytes(hashes.toString().getBytes(StandardCharsets.UTF_8)));
        try {
            return (BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString() + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (GeneratorException e) {
            throw new IOException(e);
        }
    }

    /** Fails if our own part names a bundle that is not there any more; asked after all documents. */
    void requireAllUsed() throws IOException {
        Set<String> unused = new TreeSet<>(known.stringPropertyNames());
        unused.removeAll(used);
        if (!unused.isEmpty()) {
            throw new IOException("components.properties names what is not in the product: " + unused
                    + "; look at the new version of that bundle and correct the lines");
        }
    }

    private Component component(Path bundle) throws IOException {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            String name = manifest.getValue("Bundle-SymbolicName")
                    .replaceFirst(";.*", "")
                    .strip();
            String bundleVersion = manifest.getValue("Bundle-Version");
            Component component = new Component();
            component.setType(Component.Type.LIBRARY);
            component.setBomRef(name);
            component.setName(name);
            component.setVersion(bundleVersion);
            component.setPurl(coordinates(name).url());
            component.addHash(new Hash(Hash.Algorithm.SHA_256, Sha256.of(bundle)));
            component.setLicenses(licence(
                    known(LICENCE + name).orElseGet(() -> String.valueOf(manifest.getValue("Bundle-License"))), name));
            for (String key : List.of(HOLDS + name, HOLDS + name + "_" + bundleVersion)) {
                Optional<String> line = known(key);
                if (line.isPresent()) {
                    component.addComponent(held(line.get()));
                }
            }
            return component;
        }
    }

    private Component held(String line) throws IOException {
        String[] words = line.split("[: ]");
        Component component = new Component();
        component.setType(Component.Type.LIBRARY);
        component.setGroup(words[0]);
        component.setName(words[1]);
        component.setVersion(words[2]);
        component.setPurl(new Coordinates(words[0], words[1], words[2], "jar", "").url());
        component.setLicenses(licence(words[3], line));
        return component;
    }

    private Optional<String> known(String key) {
        used.add(key);
        return Optional.ofNullable(known.getProperty(key));
    }

    private static LicenseChoice licence(String text, String bundle) throws IOException {
        String plain =
                text.replaceFirst(";.*", "").replaceFirst("^http:", "https:").replaceFirst("[.]txt$", "");
        LicenseChoice choice = LicenseResolver.resolve(plain, false);
        if (choice == null || choice.getLicenses().getFirst().getId() == null) {
            throw new IOException("the manifest of " + bundle + " has the licence '" + text
                    + "', which is none of SPDX; look for it and add a line '" + LICENCE + bundle
                    + " = ID' to releng/org.althing.dist/components.properties");
        }
        return choice;
    }

    private Coordinates coordinates(String bundle) throws IOException {
        Map<String, String> properties = metadata.getOrDefault(bundle, Map.of());
        for (String prefix : List.of("maven-", "maven-wrapped-")) {
            if (properties.containsKey(prefix + "artifactId")) {
                return new Coordinates(
                        properties.get(prefix + "groupId"),
                        properties.get(prefix + "artifactId"),
                        properties.get(prefix + "version"),
                        properties.getOrDefault(prefix + "type", "jar"),
                        properties.getOrDefault(prefix + "classifier", ""));
            }
        }
        throw new IOException(
                "p2 does not know which Maven artifact " + bundle + " is; see targetplatform/althing.target");
    }

    /** The properties of each unit of p2's metadata. */
    private static Map<String, Map<String, String>> metadata(Path repository) throws IOException {
        try (InputStream in = Files.newInputStream(repository)) {
            NodeList units = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getElementsByTagName("unit");
            Map<String, Map<String, String>> all = new HashMap<>();
            for (int i = 0; i < units.getLength(); i++) {
                Element unit = (Element) units.item(i);
                all.put(unit.getAttribute("id"), properties(unit.getElementsByTagName("property")));
            }
            return all;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(repository + " is no p2 repository: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> properties(NodeList elements) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < elements.getLength(); i++) {
            Element property = (Element) elements.item(i);
            properties.put(property.getAttribute("name"), property.getAttribute("value"));
        }
        return properties;
    }
}
