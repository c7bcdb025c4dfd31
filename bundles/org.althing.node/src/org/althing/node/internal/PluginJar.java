// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.Plugins.Plugin;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * What a jar says of itself, read as the framework would read it, but with bounds. Whoever made it is not trusted yet.
 *
 * @param name its symbolic name
 */
record PluginJar(String name, Version version, List<String> services) {

    private static final int MANIFEST_SIZE_MAX_BYTES = 256 * 1024;
    private static final int COMPONENT_SIZE_MAX_BYTES = 256 * 1024;
    /** Descriptions of components of one jar. */
    private static final int COMPONENTS_MAX = 256;

    private static final int ENTRIES_MAX = 10_000;
    private static final String COMPONENTS_HEADER = "Service-Component";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final Pattern CLASS = Pattern.compile("[A-Za-z0-9_.$]{1,256}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    PluginJar {
        services = List.copyOf(services);
    }

    static String sha256(byte[] jar) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jar));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    Plugin view(String sha256, long sizeBytes, String state, String problem) {
        return new Plugin(name, version.toString(), services, sha256, sizeBytes, state, problem);
    }

    /**
     * Reads a jar.
     *
     * @throws RefusedException if it is no bundle that a node takes
     */
    static PluginJar read(Path file) throws RefusedException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > ENTRIES_MAX) {
                throw new RefusedException("the jar has " + zip.size() + " entries; at most " + ENTRIES_MAX);
            }
            Attributes manifest = manifest(zip);
            if (!"2".equals(value(manifest, Constants.BUNDLE_MANIFESTVERSION))) {
                throw new RefusedException(
                        "it is no OSGi bundle: its manifest lacks " + Constants.BUNDLE_MANIFESTVERSION + ": 2");
            }
            if (!value(manifest, Constants.FRAGMENT_HOST).isEmpty()) {
                throw new RefusedException("it is a fragment, which would run inside another bundle; add a bundle");
            }
            return new PluginJar(name(manifest), version(manifest), services(zip, manifest));
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusedException("it is no readable jar (" + e.getMessage() + "); fetch it again");
        }
    }

    private static Attributes manifest(ZipFile zip) throws IOException, RefusedException {
        ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
        if (entry == null) {
            throw new RefusedException("it is no OSGi bundle: it has no " + JarFile.MANIFEST_NAME);
        }
        return new Manifest(new ByteArrayInputStream(bytes(zip, entry, MANIFEST_SIZE_MAX_BYTES))).getMainAttributes();
    }

    private static byte[] bytes(ZipFile zip, ZipEntry entry, int sizeMaxBytes) throws IOException, RefusedException {
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(sizeMaxBytes + 1);
            if (bytes.length > sizeMaxBytes) {
                throw new RefusedException(entry.getName() + " in it has more than " + sizeMaxBytes + " bytes");
            }
            return bytes;
        }
    }

    private static String value(Attributes manifest, String header) {
        String value = manifest.getValue(header);
        return value == null ? "" : value.strip();
    }

    private static String name(Attributes manifest) throws RefusedException {
        String[] clause = value(manifest, Constants.BUNDLE_SYMBOLICNAME).split(";");
        String name = clause[0].strip();
        if (!NAME.matcher(name).matches()) {
            throw new RefusedException("its " + Constants.BUNDLE_SYMBOLICNAME + " is no name of up to 128 letters,"
                    + " digits, dots, dashes and underscores");
        }
        for (int i = 1; i < clause.length; i++) {
            if (clause[i].replace(" ", "").equals(Constants.SINGLETON_DIRECTIVE + ":=true")) {
                // A singleton cannot resolve beside the version that it is to replace.
                throw new RefusedException("it is a singleton, which cannot be replaced while it runs; take '"
                        + Constants.SINGLETON_DIRECTIVE + "' out of its " + Constants.BUNDLE_SYMBOLICNAME);
            }
        }
        return name;
    }

    private static Version version(Attributes manifest) throws RefusedException {
        String version = value(manifest, Constants.BUNDLE_VERSION);
        try {
            if (version.isEmpty() || VERSION.matcher(version).matches()) {
                return Version.parseVersion(version);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new RefusedException("its " + Constants.BUNDLE_VERSION + " is no version such as 1.0.0");
    }

    /** The interfaces that the descriptions of its components name. */
    private static List<String> services(ZipFile zip, Attributes manifest) throws IOException, RefusedException {
        SortedSet<String> services = new TreeSet<>();
        int components = 0;
        String[] clauses = value(manifest, COMPONENTS_HEADER).split(",");
        if (clauses.length > COMPONENTS_MAX) {
            throw new RefusedException("its " + COMPONENTS_HEADER + " has more than " + COMPONENTS_MAX + " clauses");
        }
        for (String clause : clauses) {
            String path = clause.split(";")[0].strip();
            for (ZipEntry entry :
                    zip.stream().filter(each -> isMeant(path, each.getName())).toList()) {
                if (++components > COMPONENTS_MAX) {
                    throw new RefusedException("it has more than " + COMPONENTS_MAX + " components");
                }
                services.addAll(provided(entry.getName(), bytes(zip, entry, COMPONENT_SIZE_MAX_BYTES)));
            }
        }
        return List.copyOf(services);
    }

    /** Whether a path of the header means a file; its name, not its folder, may hold one {@code *} for any characters. */
    private static boolean isMeant(String path, String file) {
        int star = path.indexOf('*');
        if (star < 0) {
            return file.equals(path);
        }
        String before = path.substring(0, star);
        String after = path.substring(star + 1);
        return file.length() >= before.length() + after.length()
                && file.startsWith(before)
                && file.endsWith(after)
                && file.indexOf('/', star) < 0;
    }

    private static SortedSet<String> provided(String file, byte[] description) throws RefusedException {
        SortedSet<String> services = new TreeSet<>();
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader in = factory.createXMLStreamReader(new ByteArrayInputStream(description));
            while (in.hasNext()) {
                if (in.next() == XMLStreamConstants.START_ELEMENT
                        && in.getLocalName().equals("provide")) {
                    String service = in.getAttributeValue(null, "interface");
                    if (service == null || !CLASS.matcher(service).matches()) {
                        throw new RefusedException(file + " in it provides a service that is no name of a class");
                    }
                    services.add(service);
                }
            }
            return services;
        } catch (XMLStreamException e) {
            throw new RefusedException(file + " in it is no XML that describes a component");
        }
    }
}
