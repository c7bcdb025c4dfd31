// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of a door: at most {@link HttpLimits#CONNECTIONS_MAX}, not all of one address, and none that takes its time. An idle
 * timeout alone does not end a client that sends a byte now and then; here the TLS handshake, the whole header and the whole request have a
 * deadline.
 */
final class Connections implements Connection.Listener, HttpConfiguration.Customizer {

    /** The attribute of a request that may last: its {@link Endless}. */
    static final String ENDLESS = "org.althing.web.endless";

    /** Over TLS both the connection on a socket and the one inside it. */
    private final Map<Connection, Watch> open = new ConcurrentHashMap<>();

    private final AtomicInteger sockets = new AtomicInteger();
    /** Open sockets by address; one that has none is not in it. */
    private final Map<String, Integer> addresses = new ConcurrentHashMap<>();

    private final Refusals refusals;
    private final LongSupplier nanoClock;

    /** An answer that has no end, but must go on. */
    interface Endless {

        /** Whether the client does not take what it is sent. */
        boolean isStuck(long nowNanos);
    }

    Connections(Refusals refusals, LongSupplier nanoClock) {
        this.refusals = refusals;
        this.nanoClock = nanoClock;
    }

    /** One connection. Jetty's threads tell what happens on it, the sweep looks. */
    private static final class Watch {
        private final String address;
        private final long openedNanos;
        private volatile @Nullable Request request;
        private volatile long requestNanos;
        private volatile long bytesAtEnd;
        /** When the header that is coming in was first seen; 0 for none. */
        private volatile long headerNanos;

        Watch(String address, long openedNanos) {
            this.address = address;
            this.openedNanos = openedNanos;
        }
    }

    @Override
    public void onOpened(Connection connection) {
        String address = address(connection);
        open.put(connection, new Watch(address, nanoClock.getAsLong()));
        if (isInside(connection)) {
            return;
        }
        int all = sockets.incrementAndGet();
        int ofAddress = addresses.merge(address, 1, Integer::sum);
        if (all > HttpLimits.CONNECTIONS_MAX || ofAddress > HttpLimits.CONNECTIONS_PER_ADDRESS_MAX) {
            refusals.count(Refusals.Reason.CONNECTIONS);
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Watch gone = open.remove(connection);
        if (gone != null && !isInside(connection)) {
            sockets.decrementAndGet();
            addresses.computeIfPresent(gone.address, (address, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Whether a connection runs inside another one, which has the socket. */
    private static boolean isInside(Connection connection) {
        return connection.getEndPoint() instanceof EndPoint.Wrapper;
    }

    private static String address(Connection connection) {
        return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "";
    }

    int size() {
        return sockets.get();
    }

    /** The header of a request is complete. */
    @Override
    public Request customize(Request request, HttpFields.Mutable answerHeaders) {
        Connection connection = request.getConnectionMetaData().getConnection();
        Watch watch = open.get(connection);
        if (watch != null) {
            watch.requestNanos = nanoClock.getAsLong();
            watch.headerNanos = 0;
            watch.request = request;
            Request.addCompletionListener(request, failure -> {
                watch.bytesAtEnd = connection.getBytesIn();
                watch.request = null;
            });
        }
        return request;
    }

    /** Cuts off who is too slow. */
    void sweep() {
        long now = nanoClock.getAsLong();
        open.forEach((connection, watch) -> {
            if (isTooSlow(connection, watch, now)) {
                refusals.count(Refusals.Reason.SLOW);
                socket(connection).close(new SocketTimeoutException("the client is too slow"));
            }
        });
    }

    /** Closed without a farewell by TLS, which who is too slow would not read. */
    private static EndPoint socket(Connection connection) {
        return connection.getEndPoint() instanceof EndPoint.Wrapper inside ? inside.unwrap() : connection.getEndPoint();
    }

    private static boolean isTooSlow(Connection connection, Watch watch, long now) {
        Request request = watch.request;
        if (request != null) {
            return request.getAttribute(ENDLESS) instanceof Endless endless
                    ? endless.isStuck(now)
                    : isOver(watch.requestNanos, now, HttpLimits.REQUEST_TIMEOUT_MILLIS);
        }
        if (connection instanceof SslConnection tls) {
            return isShakingHands(tls) && isOver(watch.openedNanos, now, HttpLimits.HANDSHAKE_TIMEOUT_MILLIS);
        }
        if (connection.getBytesIn() == watch.bytesAtEnd) {
            return false; // Nothing of the next request yet: the idle timeout is enough.
        }
        // Here come also those of whom it is not known yet whether they speak TLS: they do not count bytes.
        if (watch.headerNanos == 0) {
            watch.headerNanos = now;
        }
        return isOver(watch.headerNanos, now, HttpLimits.HEADER_TIMEOUT_MILLIS);
    }

    private static boolean isShakingHands(SslConnection tls) {
        return tls.getSSLEngine().getSession().getProtocol().equals("NONE");
    }

    static boolean isOver(long beganNanos, long nowNanos, long timeoutMillis) {
        return nowNanos - beganNanos > TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }
}
