// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.althing.api.tally.Choice;
import org.junit.jupiter.api.Test;

class ChoiceTextTest {

    private final ChoiceText choices = new ChoiceText(List.of("Ferry", "Bridge", "Do nothing"));

    @Test
    void optionsAreNamedByNameOfAnyCaseOrNumber() throws Failure {
        assertThat(single("Ferry")).isEqualTo(new Choice.Single(0));
        assertThat(single("bridge")).isEqualTo(new Choice.Single(1));
        assertThat(single("3")).isEqualTo(new Choice.Single(2));
        assertThat(single("#3")).isEqualTo(new Choice.Single(2));
        assertThat(choices.read("single", List.of("Do", "nothing"))).isEqualTo(new Choice.Single(2));
    }

    @Test
    void whereNamesAreNumbersTheNameGoesFirstAndTheHashIsTheNumber() throws Failure {
        ChoiceText years = new ChoiceText(List.of("2", "1", "x"));
        assertThat(years.read("single", List.of("2"))).isEqualTo(new Choice.Single(0));
        assertThat(years.read("single", List.of("#2"))).isEqualTo(new Choice.Single(1));
        assertThat(years.read("single", List.of("3"))).isEqualTo(new Choice.Single(2));
    }

    @Test
    void whereNamesDifferInCaseAloneTheCaseCounts() throws Failure {
        ChoiceText twins = new ChoiceText(List.of("aye", "Aye"));
        assertThat(twins.read("single", List.of("Aye"))).isEqualTo(new Choice.Single(1));
        assertThatThrownBy(() -> twins.read("single", List.of("AYE"))).hasMessageContaining("no option 'AYE'");
    }

    @Test
    void approvalsAreSortedAndNamedOnce() throws Failure {
        assertThat(choices.read("approval", List.of("3", "Ferry"))).isEqualTo(new Choice.Approval(List.of(0, 2)));
        assertThatThrownBy(() -> choices.read("approval", List.of("1", "Ferry")))
                .hasMessage("option 'Ferry' is named twice");
    }

    @Test
    void weightsAreWholeNumbersInRange() throws Failure {
        assertThat(choices.read("weights", List.of("Bridge=3", "Ferry=1")))
                .isEqualTo(new Choice.Weights(List.of(0, 1), List.of(1L, 3L)));
        for (String bad : List.of(
                "Ferry=NaN",
                "Ferry=-1",
                "Ferry=Infinity",
                "Ferry=1e3",
                "Ferry=1.5",
                "Ferry=",
                "Ferry=1000001",
                "Ferry=99999999999999999999")) {
            assertThatThrownBy(() -> choices.read("weights", List.of(bad)))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("'" + bad + "'")
                    .hasMessageContaining("0 to 1000000");
        }
        assertThatThrownBy(() -> choices.read("weights", List.of("Ferry"))).hasMessageContaining("write OPTION=WEIGHT");
    }

    @Test
    void rankingsHaveRanksAndEquals() throws Failure {
        Choice expected = new Choice.Ranking(List.of(List.of(1), List.of(0, 2)));
        assertThat(ranking("Bridge > Do nothing = Ferry")).isEqualTo(expected);
        assertThat(ranking("2>1=3")).isEqualTo(expected);
        assertThat(choices.read("ranking", List.of("Bridge", ">", "1=3"))).isEqualTo(expected);
        assertThatThrownBy(() -> ranking("Bridge >")).hasMessageContaining("an option is missing in 'Bridge >'");
        assertThatThrownBy(() -> ranking("Bridge > 2")).hasMessage("option 'Bridge' is named twice");
    }

    @Test
    void anUnknownOptionIsNamedAndTheOptionsAreListed() {
        assertThatThrownBy(() -> single("Tunnel"))
                .hasMessage("no option 'Tunnel'; the options are 1 Ferry, 2 Bridge, 3 Do nothing");
        for (String bad : List.of("0", "4", "-1", "#0", "")) {
            assertThatThrownBy(() -> single(bad)).hasMessageContaining("no option '" + bad + "'");
        }
        assertThatThrownBy(() -> choices.read("single", List.of("Ferry", "Bridge")))
                .hasMessageContaining("choose one option, not 2");
        assertThatThrownBy(() -> choices.read("single", List.of()))
                .hasMessageContaining("say what you choose, or --blank");
    }

    @Test
    void whatIsWrittenReadsBack() throws Failure {
        Choice single = new Choice.Single(2);
        Choice ranking = new Choice.Ranking(List.of(List.of(1), List.of(0, 2)));
        assertThat(choices.read("single", List.of(choices.write(single)))).isEqualTo(single);
        assertThat(choices.read("ranking", List.of(choices.write(ranking)))).isEqualTo(ranking);
        assertThatThrownBy(() -> choices.read("sculpture", List.of("Ferry"))).hasMessageContaining("'sculpture'");
        assertThat(choices.write(new Choice.Blank())).isEqualTo("blank");
        assertThat(choices.write(new Choice.Single(7))).isEqualTo("#8");
    }

    private Choice single(String word) throws Failure {
        return choices.read("single", List.of(word));
    }

    private Choice ranking(String text) throws Failure {
        return choices.read("ranking", List.of(text));
    }
}
