// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import org.althing.api.AlthingException;
import org.althing.api.Cid;
import org.althing.testkit.governance.TestDao;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Bundles that stop and start again under a running node. */
@Timeout(120)
class LedgerReplacedTest {

    @TempDir
    Path data;

    private static Bundle bundle(String name) {
        return Arrays.stream(FrameworkUtil.getBundle(LedgerReplacedTest.class)
                        .getBundleContext()
                        .getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void givenALedgerThatGoesAndComesAgain_thenTheNodeReplaysAndGoesOn() throws Exception {
        try (Community community = Community.founded(data, 2)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            community.say(community.device(1), TestDao.ballot(proposal, 0, 1));
            String root = community.stateRoot();
            Bundle ledger = bundle("org.althing.ledger");
            ledger.stop();
            try {
                assertThatThrownBy(community::stateRoot)
                        .isInstanceOf(AlthingException.class)
                        .hasMessageContaining("no ledger");
                assertThat(community.assembly().status().problems()).anyMatch(problem -> problem.contains("no ledger"));
            } finally {
                ledger.start();
            }
            assertThat(community.stateRoot()).isEqualTo(root);
            community.say(community.device(0), TestDao.ballot(proposal, 0, 1));
            assertThat(community.decided(proposal).tally().orElseThrow().winners())
                    .containsExactly("B");
        }
    }

    @Test
    void givenNoMethodAtTheClose_thenSealingGoesOnAndTheCountIsMadeWhenItArrives() throws Exception {
        try (Community community = Community.founded(data, 2)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            community.say(community.device(1), TestDao.ballot(proposal, 0, 1));
            Bundle methods = bundle("org.althing.methods");
            methods.stop();
            try {
                community.timer.advanceTo(
                        community.assembly().proposal(proposal.toString()).deadlineMillis());
                Community.await(() -> community.problems().stream()
                        .anyMatch(problem -> problem.contains("cannot recount " + proposal)));
                assertThat(community.status(proposal.toString())).isEqualTo("closed");
            } finally {
                methods.start();
            }
            Community.await(() -> community.status(proposal.toString()).equals("executed"));
            assertThat(community.problems()).isEmpty();
        }
    }
}
