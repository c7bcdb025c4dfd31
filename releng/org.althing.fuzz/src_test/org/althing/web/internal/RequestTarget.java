// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.althing.fuzz.FuzzTarget;

/** Paths and queries of HTTP requests, and the texts of members that become HTML. */
public final class RequestTarget {

    private static final List<String> FOREIGN = List.of("<script", "<img", "<iframe", "<style", "<svg", "\u202e");

    private RequestTarget() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "/api/v1/daos/bafy%20x/proposals",
                        "/a/%2e%2e/b/%C3%A9",
                        "offset=0&limit=10&status=open%2Cclosed&x",
                        "# Title\n\n*a* <b>x</b> [l](javascript:alert) ![i](http://x \"t\") `c`\n\n> 1. list\n\n```\nx\n```\n")
                .flatMap(text -> IntStream.range(0, 3)
                        .mapToObj(decoder -> FuzzTarget.forDecoder(decoder, text.getBytes(StandardCharsets.UTF_8))))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        try {
            switch (input[0]) {
                case 0 -> {
                    String path = Paths.decode(text);
                    FuzzTarget.require(
                            List.of(path.split("/")).stream().noneMatch(part -> part.equals("..") || part.equals(".")),
                            "a path climbs nowhere");
                }
                case 1 ->
                    Paths.query(text)
                            .forEach((name, value) -> FuzzTarget.require(
                                    value.length() <= HttpLimits.PARAMETER_MAX_CHARS, "a parameter is bounded"));
                default -> {
                    Optional<String> html = new CommonMark().html(text);
                    String lower = html.orElse("").toLowerCase(Locale.ROOT);
                    FuzzTarget.require(FOREIGN.stream().noneMatch(lower::contains), "no HTML of theirs passes");
                }
            }
        } catch (Problem e) {
            FuzzTarget.require(e.status() >= 400 && e.status() < 500, "whoever sent it is to blame");
        }
    }
}
