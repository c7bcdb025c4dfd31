// SPDX-License-Identifier: EPL-2.0
package org.althing.api.assembly;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.althing.api.Cid;
import org.althing.api.assembly.Assembly.Invite;
import org.althing.api.net.Multiaddr;

/**
 * An invite as people pass it on: {@code althing:<dao>?seal=<cid>&height=<number>&peer=<multiaddr>&peer=...}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986">RFC 3986: URI</a>
 */
public final class InviteLink {

    public static final String SCHEME = "althing";
    public static final int SIZE_MAX_CHARS = 8 * 1024;

    private static final String SEAL = "seal";
    private static final String HEIGHT = "height";
    private static final String PEER = "peer";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~:/-]*");
    private static final Pattern WRITTEN = Pattern.compile("(?:[A-Za-z0-9._~:/@!$'()*,;?-]|%[0-9A-Fa-f]{2})*");
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

    private InviteLink() {}

    /** The link of an invite. */
    public static String of(Invite invite) {
        List<String> parts = new ArrayList<>();
        if (!invite.seal().isEmpty()) {
            parts.add(SEAL + "=" + invite.seal());
        }
        if (invite.height() >= 0) {
            parts.add(HEIGHT + "=" + invite.height());
        }
        invite.peers().forEach(peer -> parts.add(PEER + "=" + encode(peer)));
        return SCHEME + ":" + invite.dao() + (parts.isEmpty() ? "" : "?" + String.join("&", parts));
    }

    /**
     * What a link says. A DAO alone is an invite, too: its peers must be found otherwise.
     *
     * @param link spaces around it are left out
     * @throws IllegalArgumentException if a part cannot be understood; the message names it
     */
    public static Invite parse(String link) {
        String text = link.strip();
        require(text.length() <= SIZE_MAX_CHARS, "it has more than " + SIZE_MAX_CHARS + " characters");
        int colon = text.indexOf(':');
        require(
                colon >= 0 && text.substring(0, colon).equalsIgnoreCase(SCHEME),
                "it does not begin with '" + SCHEME + ":'");
        require(text.indexOf('#') < 0, "it has a fragment ('#...')");
        int question = text.indexOf('?');
        String dao = text.substring(colon + 1, question < 0 ? text.length() : question);
        Parts parts = new Parts();
        if (question >= 0) {
            for (String part : text.substring(question + 1).split("&", -1)) {
                parts.add(part);
            }
        }
        require(parts.height.isEmpty() || !parts.seal.isEmpty(), "it has a height without a seal");
        return new Invite(cid("the DAO", dao), parts.seal, parts.height.orElse(-1), parts.peers);
    }

    /** What follows the DAO, part by part. */
    private static final class Parts {

        private final List<String> peers = new ArrayList<>();
        private String seal = "";
        private OptionalLong height = OptionalLong.empty();

        void add(String part) {
            int equals = part.indexOf('=');
            require(equals > 0, "'" + part + "' is no name=value");
            String name = part.substring(0, equals);
            String value = decode(name, part.substring(equals + 1));
            switch (name) {
                case SEAL -> {
                    require(seal.isEmpty(), "it names two seals");
                    seal = cid(SEAL, value);
                }
                case HEIGHT -> {
                    require(height.isEmpty(), "it names two heights");
                    require(NUMBER.matcher(value).matches(), "height '" + value + "' is no whole number");
                    height = OptionalLong.of(Long.parseLong(value));
                }
                case PEER -> {
                    require(peers.size() < Invite.PEERS_MAX, "it names more than " + Invite.PEERS_MAX + " peers");
                    peers.add(peer(value));
                }
                default ->
                    throw new IllegalArgumentException("it has a part '" + name
                            + "', which this version does not know; there are seal, height and peer");
            }
        }
    }

    private static String cid(String what, String text) {
        try {
            return Cid.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " '" + text + "' is no CID: " + e.getMessage(), e);
        }
    }

    private static String peer(String text) {
        try {
            Multiaddr address = Multiaddr.parse(text);
            require(address.peer().isPresent(), "it does not end in /p2p/ and a peer id");
            return address.toString();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("peer '" + text + "': " + e.getMessage(), e);
        }
    }

    private static String encode(String value) {
        if (PLAIN.matcher(value).matches()) {
            return value;
        }
        StringBuilder out = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            String c = String.valueOf((char) (b & 0xff));
            out.append(b >= 0 && PLAIN.matcher(c).matches() ? c : "%%%02X".formatted(b & 0xff));
        }
        return out.toString();
    }

    private static String decode(String name, String value) {
        require(WRITTEN.matcher(value).matches(), name + " '" + value + "' has characters that no link has");
        byte[] bytes = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
                .getBytes(StandardCharsets.ISO_8859_1);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(name + " '" + value + "' is not UTF-8", e);
        }
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new IllegalArgumentException(reason);
        }
    }
}
