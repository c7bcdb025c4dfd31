// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.althing.testkit.HostileTexts;
import org.junit.jupiter.api.Test;

class CommonMarkTest {

    /** All markup that there may be. */
    private static final Pattern MARKUP = Pattern.compile(
            "</?(?:p|h[3-6]|ul|li|blockquote|code|em|strong)>|</?ol>|<ol start=\"\\d+\">|<(?:br|hr) />|<pre tabindex=\"0\">|</pre>|</a>"
                    + "|<a rel=\"noopener noreferrer nofollow\" href=\"(?:https?|mailto):[^\"<>\\s]*\"(?: title=\"[^\"<>]*\")?>");

    private static final int LARGE_HTML_MAX_CHARS = 1 << 20;
    /** Of a slow machine that is busy; some take 10 s where nothing bounds them. */
    private static final long LARGE_MAX_MILLIS = 2_000;

    private static String html(String text) {
        return new CommonMark().html(text).orElseThrow();
    }

    @Test
    void whatMembersFormatIsShownSo() {
        assertThat(html("# A\n\n## B\n\n###### C")).isEqualTo("<h3>A</h3>\n<h4>B</h4>\n<h6>C</h6>\n");
        assertThat(html("*a* **b** `c`\n\n1. d\n2. e\n\n> f\n\n---"))
                .isEqualTo("<p><em>a</em> <strong>b</strong> <code>c</code></p>\n<ol>\n<li>d</li>\n<li>e</li>\n</ol>\n"
                        + "<blockquote>\n<p>f</p>\n</blockquote>\n<hr />\n");
        assertThat(html("```java\nint a;\n```")).isEqualTo("<pre tabindex=\"0\"><code>int a;\n</code></pre>\n");
    }

    @Test
    void linksLeadToTheWebOrToMailAlone() {
        String rel = "<a rel=\"noopener noreferrer nofollow\" href=";
        assertThat(html("[a](https://b.example/?c=d&e \"f\")"))
                .isEqualTo("<p>" + rel + "\"https://b.example/?c=d&amp;e\" title=\"f\">a</a></p>\n");
        assertThat(html("<https://b.example> <a@b.example>"))
                .isEqualTo("<p>" + rel + "\"https://b.example\">https://b.example</a> " + rel
                        + "\"mailto:a@b.example\">a@b.example</a></p>\n");
        assertThat(html("[a *b*](javascript:alert(1)) [c](/d) [e](#f)")).isEqualTo("<p>a <em>b</em> c e</p>\n");
        assertThat(html("[](https://b.example)"))
                .isEqualTo("<p>" + rel + "\"https://b.example\">https://b.example</a></p>\n");
    }

    @Test
    void aPictureIsALink() {
        String link = "<a rel=\"noopener noreferrer nofollow\" href=\"https://b.example/c.png\">a</a>";
        assertThat(html("![a](https://b.example/c.png)")).isEqualTo("<p>" + link + "</p>\n");
        assertThat(html("[![a](https://x.example)](https://b.example/c.png)")).isEqualTo("<p>" + link + "</p>\n");
        assertThat(html("![a](data:image/png;base64,x)")).isEqualTo("<p>a</p>\n");
    }

    @Test
    void nothingTurnsTheOrderOfCharactersAround() {
        assertThat(html("a\u202eb\u202dc &#x202e;d")).isEqualTo("<p>a\ufffdb\ufffdc \ufffdd</p>\n");
    }

    @Test
    void noMarkupOfAHostileTextPasses() {
        for (String text : HostileTexts.small()) {
            assertTame(text, html(text));
        }
    }

    private static void assertTame(String text, String html) {
        String rest = MARKUP.matcher(html).replaceAll("");
        assertThat(rest).as(text).doesNotContain("<", ">");
        assertThat(new Json().bytes(html)).as(text).isNotEmpty();
    }

    @Test
    void aHostileTextCostsLittle() {
        HostileTexts.small().forEach(CommonMarkTest::html); // Classes are loaded.
        for (Map.Entry<String, String> text : HostileTexts.large().entrySet()) {
            long beganNanos = System.nanoTime();
            String html = new CommonMark().html(text.getValue()).orElse("");
            assertThat((System.nanoTime() - beganNanos) / 1_000_000)
                    .as(text.getKey())
                    .isLessThan(LARGE_MAX_MILLIS);
            assertThat(html.length()).as(text.getKey()).isLessThan(LARGE_HTML_MAX_CHARS);
            assertTame(text.getKey(), html);
        }
    }

    @Test
    void aLineCostsTheSameHoweverItEnds() {
        String unix = "a\n".repeat(24_000);
        for (String end : List.of("\r", "\r\n")) {
            assertThat(new CommonMark().html(unix.replace("\n", end))).isEqualTo(new CommonMark().html(unix));
        }
    }

    @Test
    void nestingHasAnEnd() {
        assertThat(new CommonMark().html("*a ".repeat(90) + "b*".repeat(90))).isPresent();
        assertThat(new CommonMark().html("*a ".repeat(110) + "b*".repeat(110))).isEmpty();
        assertThat(html("> ".repeat(50) + "a").split("<blockquote>")).hasSizeBetween(20, 33);
    }

    @Test
    void aLongTextThatMeansWellIsShown() {
        String section = "## Section\n\n" + "Some *words*, a [link](https://a.example/) and `code`. ".repeat(10)
                + "\n\n" + "- [a](https://a.example/) **b**\n".repeat(30) + "\n```\n" + "int a = b[0] * c;\n".repeat(30)
                + "```\n\n";
        String text = section.repeat(HostileTexts.SIZE_MAX_CHARS / section.length());
        assertThat(new CommonMark().html(text)).isPresent();
        assertThat(new CommonMark().html("word ".repeat(HostileTexts.SIZE_MAX_CHARS / 5)))
                .isPresent();
    }

    @Test
    void theTextsOfOneAnswerShareABound() {
        CommonMark answer = new CommonMark();
        String text = "*a* ".repeat(1_000);
        int shown = 0;
        while (shown < 100 && answer.html(text).isPresent()) {
            shown++;
        }
        assertThat(shown).isBetween(1, 10);
        assertThat(answer.html("a")).as("what costs little still fits").isPresent();
    }
}
