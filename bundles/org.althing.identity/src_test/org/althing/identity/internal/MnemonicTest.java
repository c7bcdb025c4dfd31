// SPDX-License-Identifier: EPL-2.0
package org.althing.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.althing.api.AlthingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With Trezor's vectors of BIP-39, whose passphrase is TREZOR. */
final class MnemonicTest {

    @ParameterizedTest
    @CsvSource({
        "00000000000000000000000000000000, abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about, "
                + "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04",
        "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f, legal winner thank year wave sausage worth useful legal winner thank yellow, "
                + "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607",
        "80808080808080808080808080808080, letter advice cage absurd amount doctor acoustic avoid letter advice cage above, "
                + "d71de856f81a8acc65e6fc851a38d4d7ec216fd0796d0a6827a3ad6ed5511a30fa280f12eb2e47ed2ac03b5c462a0358d18d69fe4f985ec81778c1b370b652a8",
        "ffffffffffffffffffffffffffffffff, zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong, "
                + "ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069",
        "9e885d952ad362caeb4efe34a8e91bd2, ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic, "
                + "274ddc525802f7c828d8ef7ddbcdc5304e87ac3535913611fbbfa986d0c9e5476c91689f9c8a54fd55bd38606aa6a8595ad213d4c9c9f9aca3fb217069a41028",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff, zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo "
                + "zoo zoo zoo zoo zoo vote, "
                + "dd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e1613912f0a5b694407be899ffd31ed3992c456cdf60f5d4564b8ba3f05a69890ad",
    })
    void vectors(String entropy, String phrase, String seed) throws AlthingException {
        List<String> words = Mnemonic.words(HexFormat.of().parseHex(entropy));
        assertThat(String.join(" ", words)).isEqualTo(phrase);
        assertThat(Mnemonic.check(words)).isEqualTo(words);
        assertThat(HexFormat.of().formatHex(Mnemonic.seed(words, "TREZOR"))).isEqualTo(seed);
    }

    @Test
    void wordsOfAllLengthsPassTheirOwnCheck() throws AlthingException {
        Random random = new Random(1);
        for (int bytes = 16; bytes <= 32; bytes += 4) {
            for (int i = 0; i < 50; i++) {
                byte[] entropy = new byte[bytes];
                random.nextBytes(entropy);
                List<String> words = Mnemonic.words(entropy);
                assertThat(words).hasSize(bytes * 3 / 4);
                assertThat(Mnemonic.check(words)).isEqualTo(words);
            }
        }
    }

    @Test
    void capitalsAndBlanksDoNotMatter() throws AlthingException {
        List<String> typed = new ArrayList<>(Arrays.asList(
                "Legal winner thank year wave sausage worth useful legal winner thank YELLOW".split(" ")));
        typed.set(3, " year\t");
        assertThat(Mnemonic.check(typed)).first().isEqualTo("legal");
        assertThat(Mnemonic.check(typed)).last().isEqualTo("yellow");
    }

    @Test
    void wrongWordsAreRefusedAndNotRepeated() {
        List<String> good =
                Arrays.asList("legal winner thank year wave sausage worth useful legal winner thank yellow".split(" "));
        List<String> misspelt = new ArrayList<>(good);
        misspelt.set(4, "wavee");
        assertThatThrownBy(() -> Mnemonic.check(misspelt))
                .isInstanceOf(AlthingException.class)
                .hasMessageContaining("word 5")
                .message()
                .doesNotContain("wavee");
        List<String> swapped = new ArrayList<>(good);
        swapped.set(0, good.get(1));
        swapped.set(1, good.get(0));
        assertThatThrownBy(() -> Mnemonic.check(swapped)).hasMessageContaining("do not belong together");
        assertThatThrownBy(() -> Mnemonic.check(good.subList(0, 11)))
                .hasMessageContaining("12, 15, 18, 21 or 24 words, not 11");
        assertThatThrownBy(() -> Mnemonic.check(List.of())).hasMessageContaining("not 0");
    }
}
