// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit.governance;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.althing.api.Fraction;
import org.althing.api.governance.Right;
import org.althing.api.governance.Rules;

/** Rules to be changed one by one; begins with {@link TestDao#rules}. */
public final class TestRules {

    private final SortedMap<String, Set<Right>> roles;
    private SortedSet<String> methods;
    private int sponsors;
    private long sponsorMillis;
    private long reviewMillis;
    private long votingMillis;
    private long timeLockMillis;
    private Fraction quorum;
    private Fraction threshold;
    private long graceMillis;
    private long extensionMaxMillis;
    private int entriesPerSealMax;
    private int entriesPerDayMax;

    public TestRules() {
        this(TestDao.rules());
    }

    public TestRules(Rules rules) {
        roles = new TreeMap<>(rules.roles());
        methods = rules.methods();
        sponsors = rules.sponsors();
        sponsorMillis = rules.sponsorMillis();
        reviewMillis = rules.reviewMillis();
        votingMillis = rules.votingMillis();
        timeLockMillis = rules.timeLockMillis();
        quorum = rules.quorum();
        threshold = rules.threshold();
        graceMillis = rules.graceMillis();
        extensionMaxMillis = rules.extensionMaxMillis();
        entriesPerSealMax = rules.entriesPerSealMax();
        entriesPerDayMax = rules.entriesPerDayMax();
    }

    public TestRules role(String name, Right... rights) {
        EnumSet<Right> set = EnumSet.noneOf(Right.class);
        set.addAll(Arrays.asList(rights));
        roles.put(name, set);
        return this;
    }

    public TestRules methods(String... ids) {
        methods = new TreeSet<>(Arrays.asList(ids));
        return this;
    }

    public TestRules sponsors(int count, long millis) {
        sponsors = count;
        sponsorMillis = millis;
        return this;
    }

    public TestRules review(long millis) {
        reviewMillis = millis;
        return this;
    }

    public TestRules voting(long millis) {
        votingMillis = millis;
        return this;
    }

    public TestRules timeLock(long millis) {
        timeLockMillis = millis;
        return this;
    }

    public TestRules quorum(Fraction part) {
        quorum = part;
        return this;
    }

    public TestRules threshold(Fraction part) {
        threshold = part;
        return this;
    }

    public TestRules late(long grace, long extensionMax) {
        graceMillis = grace;
        extensionMaxMillis = extensionMax;
        return this;
    }

    public TestRules quotas(int perSeal, int perDay) {
        entriesPerSealMax = perSeal;
        entriesPerDayMax = perDay;
        return this;
    }

    public Rules build() {
        return new Rules(
                roles,
                methods,
                sponsors,
                sponsorMillis,
                reviewMillis,
                votingMillis,
                timeLockMillis,
                quorum,
                threshold,
                graceMillis,
                extensionMaxMillis,
                entriesPerSealMax,
                entriesPerDayMax);
    }
}
