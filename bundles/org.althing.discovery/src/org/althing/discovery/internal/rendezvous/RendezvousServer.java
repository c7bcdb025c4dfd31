// SPDX-License-Identifier: EPL-2.0
package org.althing.discovery.internal.rendezvous;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.althing.api.net.Host;
import org.althing.api.net.NetStream;
import org.althing.api.net.PeerId;
import org.althing.api.net.ProtocolHandler;
import org.althing.api.net.RendezvousConfiguration;
import org.althing.codec.MalformedException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** Keeps a {@link RendezvousPoint} for others, on a node that was started so. Threads of the transport come here one at a time. */
@Component(
        service = ProtocolHandler.class,
        configurationPid = RendezvousConfiguration.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class RendezvousServer implements ProtocolHandler {

    private final RendezvousPoint point;

    @Activate
    public RendezvousServer(@Reference Host host) {
        this.point = new RendezvousPoint(host::record, new SecureRandom().nextLong());
    }

    @Override
    public List<String> protocols() {
        return List.of(RendezvousLimits.PROTOCOL);
    }

    @Override
    public int frameSizeMaxBytes() {
        return RendezvousLimits.REQUEST_MAX_BYTES;
    }

    @Override
    public NetStream.Receiver accept(NetStream stream) {
        return new NetStream.Receiver() {
            @Override
            public void frame(NetStream same, byte[] frame) {
                try {
                    Optional<RendezvousMessage> answer = answer(same.peer(), RendezvousCodec.decode(frame));
                    if (answer.isPresent() && !same.send(RendezvousCodec.encode(answer.get()))) {
                        same.reset(); // It asks and does not read.
                    }
                } catch (MalformedException e) {
                    same.reset();
                }
            }

            @Override
            public void finished(NetStream same) {
                same.finish();
            }
        };
    }

    private Optional<RendezvousMessage> answer(PeerId from, RendezvousMessage question) {
        synchronized (point) {
            return point.handle(from, question, TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        }
    }
}
