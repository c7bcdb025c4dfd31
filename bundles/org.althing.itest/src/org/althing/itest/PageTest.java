// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.althing.api.Cid;
import org.althing.api.entry.Body;
import org.althing.api.entry.Terms;
import org.althing.api.evidence.Evidence;
import org.althing.testkit.HostileTexts;
import org.althing.testkit.governance.TestDao;
import org.althing.testkit.governance.TestRules;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page, in a browser, as people see it. */
@Timeout(120)
class PageTest {

    private static final int PATIENCE_MILLIS = 20_000;
    /** From a sealed ballot to a bar that has moved. */
    private static final int LIVE_MAX_MILLIS = 1_000;

    private static final String FORMATTED = """
            The ferry takes **120 cars** a day, the bridge *any number*. See <https://example.org/study> and
            [the minutes](https://example.org/minutes "of March") or ![a map](https://example.org/map.png).

            # What it costs

            ## In money

            1. The ferry: 3 million a year.
            2. The bridge: 90 million, once.

            ## In time

            - Summer
              - morning: `20 min`
              - evening: `45 min`
            - Winter

            > A bridge is a promise to those who come after us.
            >
            > > And a debt.

            ```
            cost = yearly * years + interest(yearly, years, rate) + what nobody thought of when this was first drawn up
            ```

            ---

            Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorstandsvorsitzender
            """;

    @TempDir
    Path folder;

    private Community community;
    private Web web;
    private Browser browser;
    private Cid open;

    @BeforeEach
    void begin() throws Exception {
        community = Community.founded(folder.resolve("node"), 3, new TestRules().build());
        web = Web.of(community);
        browser = new Browser();
        browser.view(1200, 800, "light");
        open = community.open(TestDao.question("single-choice", 1, "Bridge", "Ferry"));
    }

    @AfterEach
    void end() throws Exception {
        browser.close();
        web.close();
        community.close();
    }

    private void go(String hash, String heading) throws Exception {
        browser.open(URI.create(web.address() + "#/" + hash));
        browser.await("h1", heading, PATIENCE_MILLIS);
    }

    @Test
    void barsMoveWithinASecondOfASealedBallotWithoutReload() throws Exception {
        go("proposal/" + open, title());
        browser.await("#connection", "live", PATIENCE_MILLIS);
        assertThat(browser.text("table.tally tbody tr")).allMatch(row -> row.endsWith("0"));

        assertThat(community
                        .say(community.device(1), TestDao.ballot(open, 0, 1))
                        .state())
                .isEqualTo("sealed");

        assertThat(browser.await("table.tally tbody tr.winner", "Ferry", LIVE_MAX_MILLIS))
                .isLessThanOrEqualTo(LIVE_MAX_MILLIS);
        assertThat(browser.style("tr.winner .fill", "width")).isNotEqualTo("0px");
        assertThat(browser.text("#announcer")).containsExactly("1 ballot so far");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatHostileMembersWriteNeitherActsNorLoadsNorLeadsAstray() throws Exception {
        List<String> texts = HostileTexts.small();
        List<byte[]> comments =
                community.chain(community.device(0), texts.size(), i -> comment(texts.get(i % texts.size())));
        assertThat(community.assembly().submitAll(comments, Community.WAIT_MILLIS))
                .allMatch(submission -> submission.state().equals("sealed"));
        Cid hostile = community.open(proposal("Hostile", String.join("\n\n", texts)));
        browser.requests();
        for (Cid shown : List.of(open, hostile)) {
            for (int width : new int[] {390, 1200}) {
                browser.view(width, 800, "dark");
                go("proposal/" + shown, shown.equals(open) ? title() : "Hostile");
                browser.await("main .text", "Another page", PATIENCE_MILLIS);
                assertThat(browser.axe()).isEmpty();
                browser.shot(
                        shots().resolve("hostile-" + (shown.equals(open) ? "comments-" : "text-") + width + ".png"));
            }
            assertThat(
                            browser.text(
                                    "main .text :is(script, img, svg, iframe, style, form, input, button, h1, h2, [class], [style])"))
                    .isEmpty();
            assertThat(browser.attribute("main .text a", "href"))
                    .isNotEmpty()
                    .allMatch(href -> href.matches("(https?|mailto):.*"));
            assertThat(browser.attribute("main .text a", "rel")).containsOnly("noopener noreferrer nofollow");
        }
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(url -> url.startsWith(web.address().toString()));
        assertThat(browser.complaints()).isEmpty();
    }

    private Body comment(String text) {
        return new Body.Comment(open, Optional.empty(), text);
    }

    private static Body.Proposal proposal(String title, String text) {
        return new Body.Proposal(title, text, List.of("A", "B"), "single-choice", 1, 1, false, List.of(), Terms.NONE);
    }

    @Test
    void whatTakesTooLongToFormatIsShownAsItWasTyped() throws Exception {
        String text = "*a* ".repeat(10_000).strip();
        Cid large = community.open(proposal("Large", text));
        go("proposal/" + large, "Large");
        assertThat(browser.text("main .text.typed")).containsExactly(text);
        assertThat(browser.text("main .text em")).isEmpty();
    }

    @Test
    void commonMarkIsShownWell() throws Exception {
        Cid ferry = community.open(proposal("A bridge or a ferry", FORMATTED));
        community.say(community.device(1), new Body.Comment(ferry, Optional.empty(), FORMATTED));
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {390, 1200}) {
                browser.view(width, 800, scheme);
                go("proposal/" + ferry, "A bridge or a ferry");
                browser.await("ul.comments .text h3", "What it costs", PATIENCE_MILLIS);
                browser.shot(shots().resolve("text-" + width + "-" + scheme + ".png"));
                assertThat(browser.axe()).isEmpty();
            }
        }
        assertThat(browser.text("main > .text strong")).containsExactly("120 cars");
        assertThat(browser.text("main > .text ol li")).hasSize(2);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void overTlsThePageIsTheSame() throws Exception {
        try (Web secure = Web.secure(community, Certificates.of(folder, "EC"))) {
            browser.open(URI.create(secure.address() + "#/proposal/" + open));
            browser.await("h1", title(), PATIENCE_MILLIS);
            browser.await("#connection", "live", PATIENCE_MILLIS);
            community.say(community.device(1), TestDao.ballot(open, 0, 1));
            browser.await("table.tally tbody tr.winner", "Ferry", PATIENCE_MILLIS);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void theEvidenceThatIsDownloadedHolds() throws Exception {
        community.say(community.device(1), TestDao.ballot(open, 0, 1));
        community.say(community.device(2), TestDao.ballot(open, 0, 1));
        community.decided(open);
        go("proposal/" + open, title());
        browser.await("ol.timeline", "Decided in", PATIENCE_MILLIS);
        Path file = folder.resolve("evidence.car");
        browser.download("a[download]", file);
        Evidence.Report report =
                Installed.service(Evidence.class).verify(file, Optional.of(Cid.parse(community.dao)), Optional.empty());
        assertThat(report.holds()).as(report.toString()).isTrue();
        assertThat(browser.text("pre.how")).allMatch(text -> text.startsWith("althing verify --dao " + community.dao));
    }

    @Test
    void proposalsAreFoundByWordsAndStatus() throws Exception {
        go("dao/" + community.dao, "Test");
        browser.await("ul.cards", title(), PATIENCE_MILLIS);
        browser.await("#connection", "live", PATIENCE_MILLIS);
        browser.type("input[name=search]", "no such words");
        // What is typed outlives what comes in meanwhile.
        community.say(community.device(1), TestDao.ballot(open, 0, 1));
        browser.await("ul.cards", "1 ballot", PATIENCE_MILLIS);
        browser.press("Enter");
        browser.await("main", "No proposal is like that", PATIENCE_MILLIS);
        go("dao/" + community.dao + "?status=voting", "Test");
        browser.await("ul.cards", title(), PATIENCE_MILLIS);
    }

    @Test
    void everyPageIsFitForKeyboardAndScreenReader() throws Exception {
        community.say(community.device(0), new Body.Comment(open, Optional.empty(), "Why not a tunnel?"));
        community.say(community.device(1), TestDao.ballot(open, 0, 1));
        Path shots = shots();
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {390, 1200}) {
                browser.view(width, 800, scheme);
                for (String[] page : new String[][] {
                    {"", "Groups"},
                    {"node", "This node"},
                    {"dao/" + community.dao, "Test"},
                    {"dao/" + community.dao + "/members", "Members"},
                    {"dao/" + community.dao + "/seals", "Seals"},
                    {"proposal/" + open, title()},
                    {"nowhere", "did not work"}
                }) {
                    go(page[0], page[1]);
                    String name = page[1].replace(' ', '-') + "-" + width + "-" + scheme + ".png";
                    browser.shot(shots.resolve(name));
                    assertThat(browser.axe()).as(name).isEmpty();
                }
            }
        }
        browser.open(URI.create(web.address() + "?afresh#/dao/" + community.dao));
        browser.await("h1", "Test", PATIENCE_MILLIS);
        browser.press("Tab");
        assertThat(browser.focused()).contains("Skip to the content");
        browser.click("ul.cards a");
        browser.await("h1", title(), PATIENCE_MILLIS);
        assertThat(browser.focused()).startsWith("H1").contains(title());
        assertThat(browser.complaints()).isEmpty();
    }

    private static Path shots() throws Exception {
        return Files.createDirectories(
                Path.of(System.getProperty("althing.root"), "bundles/org.althing.itest/target/page"));
    }

    private String title() throws Exception {
        return community.assembly().proposal(open.toString()).title();
    }
}
