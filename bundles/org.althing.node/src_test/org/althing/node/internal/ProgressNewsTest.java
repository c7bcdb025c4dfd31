// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.althing.api.assembly.Assembly.SyncView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressNewsTest {

    private static final long KNOWN = 100;

    private final HeldTimer timer = new HeldTimer();
    private final List<SyncView> told = new ArrayList<>();
    private List<SyncView> progress = List.of();
    private final ProgressNews news = new ProgressNews(() -> progress, timer, told::add);

    @BeforeEach
    void begin() {
        news.look();
    }

    @AfterEach
    void end() {
        news.close();
    }

    private static SyncView at(String dao, long height) {
        return new SyncView(dao, height, KNOWN, height == KNOWN, height, KNOWN - height, 10, -1, 3, false, "");
    }

    private void now(SyncView... views) {
        progress = List.of(views);
        timer.advance(Limits.PROGRESS_PERIOD_MILLIS);
    }

    @Test
    void whatIsBehindIsToldUntilItHasCaughtUp() {
        now(at("a", 10));
        now(at("a", 50));
        now(at("a", KNOWN));
        now(at("a", KNOWN));

        assertThat(told).containsExactly(at("a", 10), at("a", 50), at("a", KNOWN));
    }

    @Test
    void whatStandsStillIsToldOnce() {
        now(at("a", 10));
        now(at("a", 10));

        assertThat(told).containsExactly(at("a", 10));
    }

    @Test
    void whatWasNeverBehindIsNotTold() {
        now(at("a", KNOWN), at("b", 10));

        assertThat(told).containsExactly(at("b", 10));
    }

    @Test
    void betweenTwoLooksNothingIsTold() {
        progress = List.of(at("a", 10));
        timer.advance(Limits.PROGRESS_PERIOD_MILLIS - 1);

        assertThat(told).isEmpty();
    }

    @Test
    void afterTheEndNothingIsTold() {
        news.close();
        now(at("a", 10));

        assertThat(told).isEmpty();
    }
}
