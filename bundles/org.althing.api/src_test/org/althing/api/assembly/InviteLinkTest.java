// SPDX-License-Identifier: EPL-2.0
package org.althing.api.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.Invite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InviteLinkTest {

    private static final String DAO =
            Cid.hash("dao".getBytes(StandardCharsets.US_ASCII)).toString();
    private static final String SEAL =
            Cid.hash("seal".getBytes(StandardCharsets.US_ASCII)).toString();
    private static final String ID = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private static final String PEER = "/ip4/192.0.2.1/tcp/7147/p2p/" + ID;
    private static final String NAMED = "/dns4/node.example/tcp/7147/p2p/" + ID;

    @Test
    void anInviteComesBackFromItsLink() {
        for (Invite invite : List.of(
                new Invite(DAO, SEAL, 17, List.of(PEER, NAMED)),
                new Invite(DAO, SEAL, -1, List.of(PEER)),
                new Invite(DAO, SEAL, 0, List.of()),
                new Invite(DAO, "", -1, List.of()),
                new Invite(DAO, SEAL, Long.MAX_VALUE / 10, Collections.nCopies(Invite.PEERS_MAX, PEER)))) {
            assertThat(InviteLink.parse(InviteLink.of(invite))).isEqualTo(invite);
        }
    }

    @Test
    void aLinkIsReadableAsItIs() {
        assertThat(InviteLink.of(new Invite(DAO, SEAL, 17, List.of(PEER))))
                .isEqualTo("althing:" + DAO + "?seal=" + SEAL + "&height=17&peer=" + PEER);
    }

    @Test
    void aLinkThatMailOrAChatHasChangedIsStillRead() {
        Invite invite = new Invite(DAO, SEAL, -1, List.of(PEER));
        String escaped = PEER.replace("/", "%2F").replace("192", "%31%39%32");
        assertThat(InviteLink.parse(" ALTHING:" + DAO + "?peer=" + escaped + "&seal=" + SEAL + "\n"))
                .isEqualTo(invite);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                               | does not begin with 'althing:'
            https://dao.example              | does not begin with 'althing:'
            althing                          | does not begin with 'althing:'
            althing:                         | the DAO '' is no CID
            althing:bafy                     | the DAO 'bafy' is no CID
            althing://DAO                    | the DAO '//
            althing:DAO#x                    | fragment
            althing:DAO?                     | '' is no name=value
            althing:DAO?seal                 | 'seal' is no name=value
            althing:DAO?seal=SEAL&           | '' is no name=value
            althing:DAO?seal=bafy            | seal 'bafy' is no CID
            althing:DAO?seal=SEAL&seal=SEAL  | two seals
            althing:DAO?height=1             | a height without a seal
            althing:DAO?seal=SEAL&height=-1  | height '-1' is no whole number
            althing:DAO?seal=SEAL&height=01  | height '01' is no whole number
            althing:DAO?seal=SEAL&height=1e3 | height '1e3' is no whole number
            althing:DAO?seal=SEAL&height=99999999999999999999 | is no whole number
            althing:DAO?seal=SEAL&height=1&height=1 | two heights
            althing:DAO?color=red            | a part 'color', which this version does not know
            althing:DAO?peer=/ip4/1.2.3.4/tcp/1 | does not end in /p2p/
            althing:DAO?peer=nonsense        | peer 'nonsense'
            althing:DAO?peer=%2              | characters that no link has
            althing:DAO?peer=%zz             | characters that no link has
            althing:DAO?peer=%ff             | is not UTF-8
            althing:DAO?peer=a b             | characters that no link has
            """)
    void whatIsNoInviteIsRefusedByItsPart(String link, String reason) {
        String real = link.replace("DAO", DAO).replace("SEAL", SEAL);
        assertThatThrownBy(() -> InviteLink.parse(real))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void tooMuchIsRefused() {
        String peers = ("&peer=" + PEER).repeat(Invite.PEERS_MAX + 1);
        assertThatThrownBy(() -> InviteLink.parse("althing:" + DAO + "?seal=" + SEAL + peers))
                .hasMessageContaining("more than 16 peers");
        assertThatThrownBy(() -> InviteLink.parse("althing:" + "x".repeat(InviteLink.SIZE_MAX_CHARS)))
                .hasMessageContaining("more than 8192 characters");
    }
}
