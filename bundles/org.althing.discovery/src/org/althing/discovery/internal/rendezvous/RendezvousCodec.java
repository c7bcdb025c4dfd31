// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import java.util.ArrayList;
import java.util.List;
import org.althing.api.net.PeerRecord;
import org.althing.codec.MalformedException;
import org.althing.codec.ProtobufReader;
import org.althing.codec.ProtobufWriter;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Discover;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.DiscoverResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Register;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.RegisterResponse;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Status;
import org.althing.discovery.internal.rendezvous.RendezvousMessage.Unregister;
import org.jspecify.annotations.Nullable;

/** The protobuf of the rendezvous protocol. */
final class RendezvousCodec {

    private static final int TYPE = 1;

    // Types; the content of type n is field n + 2.
    private static final int REGISTER = 0;
    private static final int REGISTER_RESPONSE = 1;
    private static final int UNREGISTER = 2;
    private static final int DISCOVER = 3;
    private static final int DISCOVER_RESPONSE = 4;
    private static final int TYPES = 5;

    private RendezvousCodec() {}

    static byte[] encode(RendezvousMessage message) {
        return switch (message) {
            case Register m -> typed(REGISTER, write(m));
            case RegisterResponse m ->
                typed(
                        REGISTER_RESPONSE,
                        new ProtobufWriter()
                                .integer(1, m.status().code)
                                .text(2, m.statusText())
                                .integer(3, m.ttlSeconds()));
            case Unregister m -> typed(UNREGISTER, new ProtobufWriter().text(1, m.namespace()));
            case Discover m -> {
                ProtobufWriter out = new ProtobufWriter().text(1, m.namespace());
                if (m.limit() > 0) {
                    out.integer(2, m.limit());
                }
                yield typed(DISCOVER, m.cookie().length == 0 ? out : out.bytes(3, m.cookie()));
            }
            case DiscoverResponse m -> {
                ProtobufWriter out = new ProtobufWriter();
                m.registrations().forEach(registration -> out.message(1, write(registration)));
                out.bytes(2, m.cookie()).integer(3, m.status().code).text(4, m.statusText());
                yield typed(DISCOVER_RESPONSE, out);
            }
        };
    }

    private static byte[] typed(int type, ProtobufWriter content) {
        return new ProtobufWriter(content.size() + 16)
                .integer(TYPE, type)
                .message(TYPE + 1 + type, content)
                .toBytes();
    }

    private static ProtobufWriter write(Register register) {
        ProtobufWriter out =
                new ProtobufWriter(512).text(1, register.namespace()).bytes(2, register.signedPeerRecord());
        return register.ttlSeconds() > 0 ? out.integer(3, register.ttlSeconds()) : out;
    }

    /** @throws MalformedException for what is no message, or beyond the bounds */
    static RendezvousMessage decode(byte[] bytes) {
        ProtobufReader in = new ProtobufReader(bytes);
        int type = -1;
        @Nullable RendezvousMessage[] contents = new RendezvousMessage[TYPES];
        for (int field = in.next(); field != 0; field = in.next()) {
            int at = field - TYPE - 1;
            if (field == TYPE) {
                type = in.integer(TYPES - 1);
            } else if (at < TYPES) {
                contents[at] = content(at, in.message(bytes.length));
            } else {
                in.skip();
            }
        }
        RendezvousMessage message = type < 0 ? null : contents[type];
        if (message == null) {
            throw new MalformedException(in.position(), "a message without what its type says");
        }
        return message;
    }

    private static RendezvousMessage content(int type, ProtobufReader in) {
        return switch (type) {
            case REGISTER -> register(in);
            case REGISTER_RESPONSE -> registerResponse(in);
            case UNREGISTER -> new Unregister(discover(in).namespace());
            case DISCOVER -> discover(in);
            default -> discoverResponse(in);
        };
    }

    private static Register register(ProtobufReader in) {
        String namespace = "";
        byte[] signed = {};
        long ttl = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> namespace = in.text(RendezvousLimits.NAMESPACE_MAX_BYTES);
                case 2 -> signed = in.bytes(PeerRecord.SIZE_MAX_BYTES);
                case 3 -> ttl = in.integer();
                default -> in.skip();
            }
        }
        return new Register(namespace, signed, ttl);
    }

    private static RegisterResponse registerResponse(ProtobufReader in) {
        long status = 0;
        String text = "";
        long ttl = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> status = in.integer();
                case 2 -> text = in.text(RendezvousLimits.STATUS_TEXT_MAX_BYTES);
                case 3 -> ttl = in.integer();
                default -> in.skip();
            }
        }
        return new RegisterResponse(Status.of(status), text, ttl);
    }

    /** Unregister, too: it has the namespace alone, and formerly had a name of a peer. */
    private static Discover discover(ProtobufReader in) {
        String namespace = "";
        long limit = 0;
        byte[] cookie = {};
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> namespace = in.text(RendezvousLimits.NAMESPACE_MAX_BYTES);
                case 2 -> limit = in.integer();
                case 3 -> cookie = in.bytes(RendezvousLimits.COOKIE_MAX_BYTES);
                default -> in.skip();
            }
        }
        return new Discover(namespace, limit, cookie);
    }

    private static DiscoverResponse discoverResponse(ProtobufReader in) {
        List<Register> registrations = new ArrayList<>();
        byte[] cookie = {};
        long status = 0;
        String text = "";
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> {
                    if (registrations.size() == RendezvousLimits.REGISTRATIONS_PER_ANSWER_MAX) {
                        throw new MalformedException(in.position(), "more registrations than were asked for");
                    }
                    registrations.add(register(in.message(RendezvousLimits.ANSWER_MAX_BYTES)));
                }
                case 2 -> cookie = in.bytes(RendezvousLimits.COOKIE_MAX_BYTES);
                case 3 -> status = in.integer();
                case 4 -> text = in.text(RendezvousLimits.STATUS_TEXT_MAX_BYTES);
                default -> in.skip();
            }
        }
        return new DiscoverResponse(registrations, cookie, Status.of(status), text);
    }
}
