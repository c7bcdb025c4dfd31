// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.CoreHtmlNodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTML of what members write, who may be hostile: no HTML of theirs passes, links lead to the web or to mail alone, and nothing is loaded
 * from elsewhere. One of these is for the texts of one answer, which have {@link HttpLimits#TEXT_STEPS_MAX} together. Not safe for use by
 * many threads.
 *
 * @see <a href="https://spec.commonmark.org/0.31.2/">CommonMark 0.31.2</a>
 */
final class CommonMark {

    private static final Pattern LINK =
            Pattern.compile("(?:https?|mailto):.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    /** The page has its title and its sections above the headings of a text. */
    private static final int HEADING_LEVELS_ABOVE = 2;

    private static final int HEADING_LEVEL_MAX = 6;
    /** They turn the order of characters around, so that one text is read as another. */
    private static final Pattern OVERRIDES = Pattern.compile("[\\u202d\\u202e]");

    private static final Parser PARSER =
            Parser.builder().maxOpenBlockParsers(HttpLimits.TEXT_BLOCKS_MAX).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .escapeHtml(true)
            .sanitizeUrls(true)
            .percentEncodeUrls(true)
            .nodeRendererFactory(Tame::new)
            .attributeProviderFactory(context -> CommonMark::attributes)
            .build();

    private long stepsLeft = HttpLimits.TEXT_STEPS_MAX;

    /** The text as HTML; empty if that would take too long, nest too deep or grow too large: it is shown as it was typed then. */
    Optional<String> html(String typed) {
        // The parser ends lines at a lone CR too, at a cost of its own.
        String text = typed.replace("\r\n", "\n").replace('\r', '\n');
        long steps = steps(text);
        if (steps > stepsLeft) {
            return Optional.empty();
        }
        stepsLeft -= steps;
        Node document = PARSER.parse(text);
        return isBounded(document)
                ? Optional.of(OVERRIDES.matcher(RENDERER.render(document)).replaceAll("\ufffd"))
                : Optional.empty();
    }

    /**
     * What the parser needs at most. It looks from some characters on to the end of the paragraph, and from each line back to its beginning:
     * each of them counts as much as measurements say, times the length of the paragraph. What is between blank lines stands for that.
     */
    private static long steps(String text) {
        long steps = 0;
        int begin = 0;
        int weight = 1;
        boolean blank = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' && blank) {
                steps += (long) weight * (i - begin);
                begin = i;
                weight = 1;
            }
            blank = c == '\n' || blank && (c == ' ' || c == '\t');
            weight += switch (c) {
                case '<' -> 128;
                case '[', ']', '*', '_', '!', '`', '&', '\\' -> 8;
                case '\n' -> 1;
                default -> 0;
            };
        }
        return steps + (long) weight * (text.length() - begin);
    }

    /** Goes from node to node, so that depth costs no stack. A text can use a long address, once defined, as often as it likes. */
    private static boolean isBounded(Node document) {
        int depth = 0;
        long addressesChars = 0;
        for (Node node = document; node != null; ) {
            addressesChars += addressChars(node);
            if (depth > HttpLimits.TEXT_DEPTH_MAX || addressesChars > HttpLimits.TEXT_ADDRESSES_MAX_CHARS) {
                return false;
            }
            Node next = node.getFirstChild();
            if (next != null) {
                depth++;
            }
            while (next == null && node != null) {
                next = node.getNext();
                if (next == null) {
                    node = node.getParent();
                    depth--;
                }
            }
            node = next;
        }
        return true;
    }

    private static int addressChars(Node node) {
        return switch (node) {
            case Link link -> chars(link.getDestination()) + chars(link.getTitle());
            case Image image -> chars(image.getDestination()) + chars(image.getTitle());
            default -> 0;
        };
    }

    private static int chars(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static void attributes(Node node, String tag, Map<String, String> attributes) {
        switch (tag) {
            case "a" -> attributes.put("rel", "noopener noreferrer nofollow");
            // It scrolls by itself: let the keyboard do that too.
            case "pre" -> attributes.put("tabindex", "0");
            // Would be the author's.
            case "code" -> attributes.remove("class");
            default -> {}
        }
    }

    /** Renders what must not stay as it is. */
    private static final class Tame extends CoreHtmlNodeRenderer {

        private boolean inLink;

        Tame(HtmlNodeRendererContext context) {
            super(context);
        }

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(Heading.class, Link.class, Image.class);
        }

        @Override
        public void visit(Heading heading) {
            heading.setLevel(Math.min(HEADING_LEVEL_MAX, heading.getLevel() + HEADING_LEVELS_ABOVE));
            super.visit(heading);
        }

        @Override
        public void visit(Link link) {
            if (inLink || !LINK.matcher(link.getDestination()).matches()) {
                visitChildren(link);
                return;
            }
            if (!saysSomething(link)) {
                link.appendChild(new Text(link.getDestination()));
            }
            inLink = true;
            super.visit(link);
            inLink = false;
        }

        /** A picture may be looked at where it is, but is not fetched from there: that would tell its owner who reads. */
        @Override
        public void visit(Image image) {
            Link link = new Link(image.getDestination(), image.getTitle());
            while (image.getFirstChild() != null) {
                link.appendChild(image.getFirstChild());
            }
            visit(link);
        }

        private static boolean saysSomething(Node node) {
            boolean says = switch (node) {
                case Text text -> !text.getLiteral().isBlank();
                case Code code -> !code.getLiteral().isBlank();
                case HtmlInline html -> true;
                default -> false;
            };
            for (Node child = node.getFirstChild(); child != null && !says; child = child.getNext()) {
                says = saysSomething(child);
            }
            return says;
        }
    }
}
