// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.Feed;
import org.jspecify.annotations.Nullable;

/**
 * What happens, as server-sent events of the types {@code seal}, {@code proposal} and {@code entry}; {@code reset} says that some were missed
 * and views must be read again. A stream costs a virtual thread and no thread of the server.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, Server-sent events</a>
 */
final class EventStream extends HttpServlet {

    static final String PATH = Api.ROOT + "/events";

    private static final long serialVersionUID = 1L;
    private static final String TYPE = "text/event-stream";

    private final transient Assembly assembly;
    private final transient EventRing ring;
    private final transient Json json;
    private final transient Refusals refusals;
    private final transient LongSupplier nanoClock;
    private final transient Semaphore places = new Semaphore(HttpLimits.STREAMS_MAX);

    EventStream(Assembly assembly, EventRing ring, Json json, Refusals refusals, LongSupplier nanoClock) {
        this.assembly = assembly;
        this.ring = ring;
        this.json = json;
        this.refusals = refusals;
        this.nanoClock = nanoClock;
    }

    int open() {
        return HttpLimits.STREAMS_MAX - places.availablePermits();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (!request.getMethod().equals("GET")) {
                throw new Problem(405, "this address takes GET only", Map.of("Allow", "GET"));
            }
            Map<String, String> query = Paths.query(request.getQueryString());
            Predicate<Feed.Happening> wanted = wanted(query.get("dao"), query.get("proposal"));
            String resume = request.getHeader("Last-Event-ID");
            begin(request, response, wanted, resume == null ? query.get("lastEventId") : resume);
        } catch (Problem problem) {
            Shell.deliver(json.reply(problem), request, response);
        }
    }

    /** Of one DAO, or of one proposal, or all. */
    private Predicate<Feed.Happening> wanted(@Nullable String dao, @Nullable String proposal) throws Problem {
        try {
            if (proposal != null) {
                String id = assembly.proposal(proposal).proposal();
                return happening -> happening instanceof Feed.ProposalChanged changed
                        && changed.proposal().equals(id);
            }
            if (dao != null) {
                String id = assembly.dao(dao).dao();
                return happening -> happening.dao().equals(id);
            }
            return happening -> true;
        } catch (RefusedException e) {
            throw Problem.notFound(String.valueOf(e.getMessage()));
        } catch (AlthingException e) {
            throw Problem.unavailable(String.valueOf(e.getMessage()));
        }
    }

    private void begin(
            HttpServletRequest request,
            HttpServletResponse response,
            Predicate<Feed.Happening> wanted,
            @Nullable String resume)
            throws Problem, IOException {
        if (!places.tryAcquire()) {
            refusals.count(Refusals.Reason.STREAMS);
            throw Problem.unavailable(
                    "this node serves " + HttpLimits.STREAMS_MAX + " streams, and no more; try later");
        }
        boolean started = false;
        try {
            response.setContentType(TYPE);
            response.setCharacterEncoding(StandardCharsets.UTF_8.name());
            response.setHeader("Cache-Control", "no-store");
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            long place = resume == null ? ring.last() : ring.place(resume).orElse(-1);
            Reader reader = new Reader(async, response.getOutputStream(), wanted, place);
            request.setAttribute(Connections.ENDLESS, reader);
            Thread.ofVirtual().name("althing-events").start(reader);
            started = true;
        } finally {
            if (!started) {
                places.release();
            }
        }
    }

    /** One stream. */
    private final class Reader implements Runnable, Connections.Endless {

        private final AsyncContext async;
        private final ServletOutputStream out;
        private final Predicate<Feed.Happening> wanted;
        private long place;
        /** Since when a write has not returned; 0 if none is under way. */
        private volatile long writingNanos;

        Reader(AsyncContext async, ServletOutputStream out, Predicate<Feed.Happening> wanted, long place) {
            this.async = async;
            this.out = out;
            this.wanted = wanted;
            this.place = place;
        }

        @Override
        public boolean isStuck(long nowNanos) {
            long since = writingNanos;
            return since != 0 && Connections.isOver(since, nowNanos, HttpLimits.STREAM_WRITE_TIMEOUT_MILLIS);
        }

        @Override
        public void run() {
            try {
                // An id from the start: who is cut off before anything happens misses nothing either.
                write("retry: " + HttpLimits.STREAM_RETRY_MILLIS + "\n"
                        + (place < 0 ? "" : "id: " + ring.id(place) + "\n") + "\n");
                while (!ring.isClosed()) {
                    EventRing.Batch batch = ring.after(place, HttpLimits.HEARTBEAT_INTERVAL_MILLIS);
                    place = batch.next();
                    write(text(batch));
                }
            } catch (IOException e) {
                // The reader has gone, or was cut off.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                places.release();
                async.complete();
            }
        }

        private String text(EventRing.Batch batch) {
            StringBuilder text = new StringBuilder();
            if (batch.lost()) {
                append(text, batch.next(), "reset", Map.of());
            }
            for (EventRing.Numbered event : batch.events()) {
                Feed.Happening happening = event.happening();
                if (wanted.test(happening)) {
                    append(text, event.number(), type(happening), happening);
                }
            }
            // Also who is told nothing gets on, so that what was not for it does not count as missed.
            return text.isEmpty() ? ":\nid: " + ring.id(batch.next()) + "\n\n" : text.toString();
        }

        private void append(StringBuilder text, long number, String type, Object data) {
            text.append("id: ")
                    .append(ring.id(number))
                    .append("\nevent: ")
                    .append(type)
                    .append("\ndata: ");
            text.append(new String(json.bytes(data), StandardCharsets.UTF_8)).append("\n\n");
        }

        private void write(String text) throws IOException {
            writingNanos = nanoClock.getAsLong() | 1;
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            writingNanos = 0;
        }
    }

    private static String type(Feed.Happening happening) {
        return switch (happening) {
            case Feed.Sealed h -> "seal";
            case Feed.ProposalChanged h -> "proposal";
            case Feed.EntriesTaken h -> "entry";
            case Feed.CatchingUp h -> "sync";
        };
    }
}
