// SPDX-License-Identifier: EPL-2.0
package org.althing.testkit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a hostile member may write, for whoever shows texts in CommonMark as HTML. */
public final class HostileTexts {

    /** Any text is about as large at most, in characters. */
    public static final int SIZE_MAX_CHARS = 64 * 1024;

    private static final int MANY = 20;

    private HostileTexts() {}

    /** Texts that would act, load, lead away, break out or be read as something else. */
    public static List<String> small() {
        return List.of(
                "<script>alert(1)</script>",
                "a <script src=https://evil.example/x.js></script> b",
                "<img src=x onerror=alert(1)>",
                "a <img src=\"https://evil.example/pixel.png\"> b",
                "<svg onload=alert(1)><animate onbegin=alert(1)>",
                "<iframe srcdoc=\"<script>parent.alert(1)</script>\"></iframe>",
                "<style>*{display:none}</style>",
                "<base href=\"https://evil.example/\"><form action=/x><button formaction=javascript:alert(1)>b",
                "<!-- --><!--><img src=x onerror=alert(1)>-->",
                "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
                "<![CDATA[<img src=x onerror=alert(1)>]]>",
                "<a href=\"https://evil.example\" onclick=\"alert(1)\">a</a>",
                "</div></main><h1>Another page</h1>",
                "[a](javascript:alert(1))",
                "[a](JaVaScRiPt:alert(1))",
                "[a](<java\tscript:alert(1)>)",
                "[a](&#106;avascript:alert(1))",
                "[a](&#x6A;&#x61;vascript&colon;alert(1))",
                "[a](javascript&Tab;:alert&lpar;1&rpar;)",
                "[a](&NewLine;javascript:alert(1))",
                "[a](\u0001javascript:alert(1))",
                "[a](vbscript:x)",
                "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
                "[a](file:///etc/passwd)",
                "[a](//evil.example/x)",
                "[a](/api/v1/admin/stop)",
                "[a](#/node)",
                "[a](?x=1)",
                "<javascript:alert(1)>",
                "<data:text/html,x>",
                "[a]\n\n[a]: javascript:alert(1) \"title\"",
                "[a](https://evil.example/\"onmouseover=\"alert(1))",
                "[a](https://evil.example/ \"t\\\" onmouseover=alert(1) x=\\\"\")",
                "[a](https://evil.example/?<script>)",
                "![a](https://evil.example/pixel.png)",
                "![](https://evil.example/pixel.png \"t\")",
                "![a](javascript:alert(1))",
                "![a](data:image/svg+xml,<svg/onload=alert(1)>)",
                "[![a](https://evil.example/pixel.png)](javascript:alert(1))",
                "[![[a](https://evil.example/1)](https://evil.example/2)](https://evil.example/3)",
                "[](https://evil.example/)",
                "[ ](https://evil.example/)",
                "``` \" onload=\"alert(1)\nx\n```",
                "```x&#32;status&#32;bad\ny\n```",
                "```\n</code></pre><script>alert(1)</script>",
                "~~~ never closed\n<img src=x onerror=alert(1)>",
                "`<script>alert(1)</script>",
                "# One\n\nTwo\n===\n\n###### Six",
                "\u202egnp.tcejorp\u202c [\u202emoc.elgoog\u202c](https://evil.example/)",
                "\u2066\u2067\u202d\u202b \u05d0\u05d1 abc",
                "&#x202e;dlrow olleh",
                "&#xD800; &#xDFFF; &#0; &#x110000; \u0000",
                "<https://evil.example/a?b&c> <mailto:a@evil.example> <a@evil.example>",
                "* [ ] <input type=checkbox autofocus onfocus=alert(1)>",
                "| a | b |\n| - | - |\n| <b onclick=alert(1)> | c |",
                "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
                "x".repeat(2_000),
                "https://evil.example/" + "x".repeat(2_000),
                "```\n" + "x".repeat(2_000) + "\n```",
                "> ".repeat(MANY) + "deep\n\n" + "* ".repeat(MANY) + "deeper");
    }

    /** Texts that are made to cost: time, stack, or what comes out of them. By what they are made of. */
    public static Map<String, String> large() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String unit : List.of(
                "> ",
                ">",
                "- ",
                "1. ",
                "* a\n",
                "-\n",
                "a\r",
                "-\r",
                "[a]:\r",
                "a\r\n",
                "#\n",
                "a\n=\n",
                "\n'",
                "\"\n",
                "[",
                "[](",
                "![",
                "![[]()",
                "[a](",
                "[a](<b",
                "[a](b \"",
                "[a](b (",
                "]",
                "*",
                "**a ",
                "a**b",
                "*a_b",
                "*a **a ",
                "_*",
                "a_",
                "`",
                "``a",
                "`a",
                "<",
                "<a ",
                "<a@",
                "<a b='",
                "<!--",
                "<?",
                "<![CDATA[",
                "</",
                "<http:",
                "&",
                "&#",
                "&quot;",
                "\"",
                "\\",
                "    a\n",
                "\t",
                " ",
                "\n",
                "a\n",
                "a  \n",
                "```\n",
                "[a]:\n",
                "[a]: u (",
                "\u00a0*",
                "\u202e",
                "x")) {
            texts.put(unit, unit.repeat(SIZE_MAX_CHARS / unit.length()));
        }
        nested(texts, "*", "a", "*");
        nested(texts, "*_", "a", "_*");
        nested(texts, "**a ", "b", "**");
        nested(texts, "[", "a", "](b)");
        nested(texts, "![", "a", "](b)");
        nested(texts, "[*a", "b", "*](c)");
        nested(texts, "(", "a", ")");
        nested(texts, "- ", "a", "");
        nested(texts, "> ", "a", "");
        texts.put(
                "an address, used often",
                "[a]: https://x.example/" + "x".repeat(SIZE_MAX_CHARS / 2) + "\n\n"
                        + "[a]\n\n".repeat(SIZE_MAX_CHARS / 10));
        StringBuilder stairs = new StringBuilder();
        for (int i = 0; stairs.length() < SIZE_MAX_CHARS - 2 * i; i++) {
            stairs.append("  ".repeat(i)).append("- a\n");
        }
        texts.put("stairs", stairs.toString());
        return texts;
    }

    private static void nested(Map<String, String> texts, String before, String inside, String after) {
        int times = SIZE_MAX_CHARS / (before.length() + after.length()) - 1;
        texts.put("nested " + before + inside + after, before.repeat(times) + inside + after.repeat(times));
    }
}
