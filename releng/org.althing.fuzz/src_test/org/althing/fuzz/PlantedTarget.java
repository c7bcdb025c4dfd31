// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.util.List;

/** A decoder with a defect that no seed shows: it trusts a length. */
public final class PlantedTarget {

    static final FuzzTarget TARGET =
            new FuzzTarget(PlantedTarget.class, PlantedTarget::seeds, PlantedTarget::fuzzerTestOneInput);

    private PlantedTarget() {}

    private static List<byte[]> seeds() {
        return List.of(new byte[] {'o', 'k', 1, 7});
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 3 && input[0] == 'n' && input[1] == 'o') {
            FuzzTarget.require(input[2 + input[2]] >= 0, "the planted defect");
        }
    }
}
