package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** The house as it stands in a running framework. */
class HouseTest {

    @Test
    void everyBundleOfOursIsResolved() {
        var context = FrameworkUtil.getBundle(HouseTest.class).getBundleContext();
        List<Bundle> ours = Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().startsWith("org.althing."))
                .toList();
        assertThat(ours).hasSizeGreaterThan(10).allMatch(b -> b.getState() != Bundle.INSTALLED);
    }
}
