package org.althing.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;

/** The rules refuse what they are there to refuse. */
class HouseRulesTest {

    private static final Attributes API = bundle(
            "org.althing.api", "org.althing.api;version=\"0.1.0\",org.althing.api.tally;version=\"0.1.0\"", null);
    private static final Attributes CODEC =
            bundle("org.althing.codec", "org.althing.codec;version=\"0.1.0\"", "org.althing.api;version=\"[0.1,1)\"");

    @Test
    void aSoundHouseHasNoFault() {
        Attributes ledger = bundle(
                "org.althing.ledger;singleton:=true",
                null,
                "org.althing.api;version=\"[0.1,1)\",org.althing.codec;version=\"[0.1,1)\",javax.crypto,"
                        + "org.slf4j;version=\"[2.0,3)\";resolution:=optional");
        assertThat(HouseRules.violations(List.of(API, CODEC, ledger))).isEmpty();
    }

    @Test
    void anImportUpwardsIsRefused() {
        Attributes api =
                bundle("org.althing.api", "org.althing.api;version=\"0.1.0\"", "org.althing.codec;version=\"[0.1,1)\"");
        assertThat(HouseRules.violations(List.of(api, CODEC)))
                .containsExactly(
                        "api (floor 0) imports org.althing.codec from codec (floor 1): imports run downwards only");
    }

    @Test
    void anImportFromTheSameFloorIsRefused() {
        Attributes ledger = bundle("org.althing.ledger", "org.althing.ledger;version=\"0.1.0\"", null);
        Attributes notary = bundle("org.althing.notary", null, "org.althing.ledger;version=\"[0.1,1)\"");
        assertThat(HouseRules.violations(List.of(ledger, notary)))
                .contains(
                        "notary (floor 2) imports org.althing.ledger from ledger (floor 2): imports run downwards only");
    }

    @Test
    void anExportFromAPrivateBundleIsRefused() {
        Attributes node = bundle("org.althing.node", "org.althing.node;version=\"0.1.0\"", null);
        assertThat(HouseRules.violations(List.of(node)))
                .containsExactly("node exports org.althing.node: only [api, codec, testkit] export");
    }

    @Test
    void friendsInternalsAndMissingVersionsAreRefused() {
        Attributes api = bundle(
                "org.althing.api", "org.althing.api.internal;x-friends:=\"org.althing.node,org.althing.cli\"", null);
        assertThat(HouseRules.violations(List.of(api)))
                .containsExactlyInAnyOrder(
                        "api exports org.althing.api.internal to friends only",
                        "api exports org.althing.api.internal without a version",
                        "api exports the internal package org.althing.api.internal");
    }

    @Test
    void requiringABundleOfOursIsRefused() {
        Attributes node = bundle("org.althing.node", null, null);
        node.putValue("Require-Bundle", "org.eclipse.osgi,org.althing.ledger;bundle-version=\"[0.1,1)\"");
        assertThat(HouseRules.violations(List.of(node)))
                .containsExactly("node requires the bundle org.althing.ledger: import packages instead");
    }

    @Test
    void anImportWithoutARangeIsRefused() {
        Attributes node = bundle("org.althing.node", null, "org.slf4j;version=\"2.0\"");
        assertThat(HouseRules.violations(List.of(node)))
                .containsExactly("node imports org.slf4j without a version range");
    }

    @Test
    void dynamicImportsAreRefused() {
        Attributes node = bundle("org.althing.node", null, null);
        node.putValue("DynamicImport-Package", "*");
        assertThat(HouseRules.violations(List.of(node))).containsExactly("node imports packages dynamically");
    }

    @Test
    void aBundleWithoutAFloorIsRefused() {
        assertThat(HouseRules.violations(List.of(bundle("org.althing.attic", null, null))))
                .singleElement()
                .asString()
                .startsWith("attic has no floor");
    }

    private static Attributes bundle(String name, String exports, String imports) {
        Attributes manifest = new Attributes();
        manifest.putValue("Bundle-SymbolicName", name);
        if (exports != null) {
            manifest.putValue("Export-Package", exports);
        }
        if (imports != null) {
            manifest.putValue("Import-Package", imports);
        }
        return manifest;
    }
}
