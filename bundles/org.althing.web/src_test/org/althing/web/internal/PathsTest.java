// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PathsTest {

    @Test
    void aPathIsUnescapedOnce() throws Exception {
        assertThat(Paths.decode("/a/did%3Akey%3Az6Mk/%C3%B0+b")).isEqualTo("/a/did:key:z6Mk/\u00f0+b");
        assertThat(Paths.decode("/%252e%252e/x")).isEqualTo("/%2e%2e/x");
    }

    @Test
    void whatIsNotPlainIsRefused() {
        for (String path : List.of(
                "x", "/..", "/a/../b", "/%2e%2e/b", "/a%2fb", "/a%5cb", "/a;b", "/a%00", "/%zz", "/%c0%ae", "/%")) {
            assertThatThrownBy(() -> Paths.decode(path)).as(path).isInstanceOf(Problem.class);
        }
    }

    @Test
    void aQueryHasEachParameterOnce() throws Exception {
        assertThat(Paths.query("a=1&b=x+y%26&c"))
                .containsEntry("a", "1")
                .containsEntry("b", "x y&")
                .containsEntry("c", "");
        assertThatThrownBy(() -> Paths.query("a=1&a=2")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Paths.query("a=" + "x".repeat(257))).isInstanceOf(Problem.class);
    }
}
