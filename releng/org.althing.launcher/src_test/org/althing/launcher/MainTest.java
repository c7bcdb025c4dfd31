package org.althing.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @ParameterizedTest
    @ValueSource(strings = {"node", "node --json", "--json node", "--data /srv/ferry node", "--data=node node"})
    void aNodeIsStartedByTheFirstWord(String line) {
        assertThat(Main.isNode(line.split(" "))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "status", "--version", "propose --title node", "--data node status", "--data", "show node"})
    void theWordElsewhereStartsNone(String line) {
        assertThat(Main.isNode(line.split(" "))).isFalse();
    }
}
