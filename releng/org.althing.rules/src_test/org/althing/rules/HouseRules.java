package org.althing.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.regex.Pattern;
import org.althing.rules.Manifests.Clause;

/** The rules of the house: what a bundle may import and export, judged by its manifest alone. */
final class HouseRules {

    private static final String OURS = "org.althing.";

    /** Floors by the last part of the bundle's name. Imports run strictly downwards. */
    private static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("api", 0),
            Map.entry("codec", 1),
            Map.entry("identity", 2),
            Map.entry("ledger", 2),
            Map.entry("notary", 2),
            Map.entry("gossip", 2),
            Map.entry("discovery", 2),
            Map.entry("net", 2),
            Map.entry("tally", 2),
            Map.entry("methods", 2),
            Map.entry("governance", 3),
            Map.entry("evidence", 4),
            Map.entry("node", 4),
            Map.entry("client", 4),
            Map.entry("cli", 5),
            Map.entry("web", 5),
            // Beside the house: they look into it, nothing in it looks at them.
            Map.entry("testkit", 9),
            Map.entry("bench", 9),
            Map.entry("launcher", 9),
            Map.entry("logging", 9),
            Map.entry("itest", 10));

    private static final Set<String> EXPORTERS = Set.of("api", "codec", "testkit");

    private static final Pattern RANGE = Pattern.compile("[\\[(][0-9.]+,\\s*[0-9.]+[\\])]");

    private HouseRules() {}

    /** @return what is wrong, one line a fault; empty when the house stands */
    static List<String> violations(List<Attributes> manifests) {
        Map<String, String> exporterByPackage = new HashMap<>();
        for (Attributes manifest : manifests) {
            for (Clause export : Manifests.clauses(manifest.getValue("Export-Package"))) {
                exporterByPackage.put(export.name(), name(manifest));
            }
        }
        List<String> faults = new ArrayList<>();
        for (Attributes manifest : manifests) {
            judge(manifest, exporterByPackage, faults);
        }
        return faults;
    }

    private static void judge(Attributes manifest, Map<String, String> exporterByPackage, List<String> faults) {
        String bundle = name(manifest);
        Integer floor = FLOORS.get(bundle);
        if (floor == null) {
            faults.add(bundle + " has no floor: add it to HouseRules and to docs/architecture.md");
            return;
        }
        for (Clause export : Manifests.clauses(manifest.getValue("Export-Package"))) {
            judgeExport(bundle, export, faults);
        }
        for (Clause require : Manifests.clauses(manifest.getValue("Require-Bundle"))) {
            if (require.name().startsWith(OURS)) {
                faults.add(bundle + " requires the bundle " + require.name() + ": import packages instead");
            }
        }
        if (manifest.getValue("DynamicImport-Package") != null) {
            faults.add(bundle + " imports packages dynamically");
        }
        for (Clause imported : Manifests.clauses(manifest.getValue("Import-Package"))) {
            judgeImport(bundle, floor, imported, exporterByPackage, faults);
        }
    }

    private static void judgeExport(String bundle, Clause export, List<String> faults) {
        if (!EXPORTERS.contains(bundle)) {
            faults.add(bundle + " exports " + export.name() + ": only "
                    + EXPORTERS.stream().sorted().toList() + " export");
        }
        if (export.parameters().keySet().stream()
                .anyMatch(p -> p.startsWith("x-friends") || p.startsWith("x-internal"))) {
            faults.add(bundle + " exports " + export.name() + " to friends only");
        }
        if (!export.parameters().containsKey("version")) {
            faults.add(bundle + " exports " + export.name() + " without a version");
        }
        if (export.name().contains(".internal")) {
            faults.add(bundle + " exports the internal package " + export.name());
        }
    }

    private static void judgeImport(
            String bundle, int floor, Clause imported, Map<String, String> exporterByPackage, List<String> faults) {
        if (!imported.name().startsWith("javax.")
                && !RANGE.matcher(imported.parameters().getOrDefault("version", ""))
                        .matches()) {
            faults.add(bundle + " imports " + imported.name() + " without a version range");
        }
        if (!imported.name().startsWith(OURS)) {
            return;
        }
        String exporter = exporterByPackage.get(imported.name());
        if (exporter == null) {
            faults.add(bundle + " imports " + imported.name() + ", which no bundle of ours exports");
            return;
        }
        int below = FLOORS.getOrDefault(exporter, Integer.MAX_VALUE);
        if (below >= floor && !exporter.equals(bundle)) {
            faults.add(bundle + " (floor " + floor + ") imports " + imported.name() + " from " + exporter + " (floor "
                    + below + "): imports run downwards only");
        }
    }

    private static String name(Attributes manifest) {
        String symbolicName = Manifests.clauses(manifest.getValue("Bundle-SymbolicName"))
                .getFirst()
                .name();
        return symbolicName.startsWith(OURS) ? symbolicName.substring(OURS.length()) : symbolicName;
    }
}
