// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.althing.api.AlthingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls of requests and answers of replies; everything between is pure. A body that comes in, a wait for a seal and an answer that goes
 * out take as long as somebody else likes: they cost a virtual thread and no thread of the server, so that no number of slow clients keeps
 * others waiting.
 */
final class Shell extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Shell.class);
    private static final int BUFFER_SIZE_BYTES = 8 * 1024;

    private final transient Handler handler;
    private final transient Json json;
    private final transient Refusals refusals;
    private final transient Metrics metrics;
    private final transient LongSupplier nanoClock;
    private final transient Semaphore bodies = new Semaphore(HttpLimits.BODIES_SIZE_MAX_BYTES);
    private final transient Semaphore answers = new Semaphore(HttpLimits.ANSWERS_SIZE_MAX_BYTES);
    private final transient Semaphore downloads = new Semaphore(HttpLimits.DOWNLOADS_MAX);

    /** Answers complete requests. */
    interface Handler {
        Reply answer(Call call) throws Problem, AlthingException;
    }

    Shell(Handler handler, Json json, Refusals refusals, Metrics metrics, LongSupplier nanoClock) {
        this.handler = handler;
        this.json = json;
        this.refusals = refusals;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
    }

    /** What is done for a client while it makes us wait. */
    private interface Wait {
        void run() throws IOException;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        long beganNanos = nanoClock.getAsLong();
        waiting(request, response, beganNanos, () -> {
            pause(request);
            if (hasBody(request)) {
                receive(request, response);
            } else {
                send(reply(request, new byte[0]), request, response);
            }
        });
    }

    private static void pause(HttpServletRequest request) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep((long) request.getAttribute(Gate.PAUSE_NANOS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before it was answered", e);
        }
    }

    /** Whether a body may come: by RFC 9112, section 6.3, none does without one of these fields. */
    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    private void receive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Body body = new Body();
        Reply reply;
        try {
            reply = reply(request, body.read(request));
        } catch (Problem problem) {
            reply = json.reply(problem);
        } finally {
            bodies.release(body.taken);
        }
        send(reply, request, response);
    }

    private void send(Reply reply, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Semaphore room = reply.content() instanceof Reply.Bytes ? answers : downloads;
        int size = reply.content() instanceof Reply.Bytes(byte[] bytes) ? bytes.length : 1;
        if (!room.tryAcquire(size)) {
            discard(reply);
            deliver(
                    json.reply(Problem.unavailable("too much is being sent at once; try again in a moment")),
                    request,
                    response);
            return;
        }
        try {
            deliver(reply, request, response);
        } finally {
            room.release(size);
        }
    }

    private void waiting(HttpServletRequest request, HttpServletResponse response, long beganNanos, Wait wait) {
        request.setAttribute(Gate.COUNTED_LATER, true);
        AsyncContext async = request.startAsync();
        async.setTimeout(0); // The sweep of Connections sees to the time.
        Thread.ofVirtual().name("althing-http-wait").start(() -> {
            try {
                wait.run();
            } catch (IOException e) {
                // A client that hangs up is nothing to tell an operator.
                LOG.debug("a client has gone: {}", e.toString());
                giveUp(response, HttpServletResponse.SC_REQUEST_TIMEOUT);
            } catch (RuntimeException e) {
                LOG.error("bug while answering {}", request.getRequestURI(), e);
                giveUp(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            } finally {
                metrics.answered(request.getMethod(), response.getStatus(), nanoClock.getAsLong() - beganNanos);
                async.complete();
            }
        });
    }

    /** Ends without an answer; one that is only in part sent ends by itself, since it lacks what its length promised. */
    private static void giveUp(HttpServletResponse response, int status) {
        if (!response.isCommitted()) {
            response.setStatus(status);
            response.setHeader("Connection", "close");
        }
    }

    private Reply reply(HttpServletRequest request, byte[] body) {
        try {
            return handler.answer(call(request, body));
        } catch (Problem problem) {
            if (problem.status() == HttpServletResponse.SC_BAD_REQUEST) {
                refusals.count(Refusals.Reason.MALFORMED);
            }
            return json.reply(problem);
        } catch (AlthingException e) {
            return json.reply(Problem.unavailable(String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            LOG.error("bug while answering {}", request.getRequestURI(), e);
            return json.reply(new Problem(500, "a bug in the node (" + e + "); report its log"));
        }
    }

    private static Call call(HttpServletRequest request, byte[] body) throws Problem {
        Map<String, String> headers = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name));
        }
        return new Call(
                request.getMethod(),
                Paths.decode(request.getRequestURI()),
                Paths.query(request.getQueryString()),
                headers,
                body,
                request.getRemoteAddr());
    }

    /** The whole body, in time and within bounds; also of what all bodies together may take. */
    private final class Body {

        private int taken;

        byte[] read(HttpServletRequest request) throws Problem, IOException {
            if (request.getContentLengthLong() > HttpLimits.BODY_SIZE_MAX_BYTES) {
                throw tooLarge();
            }
            long beganNanos = nanoClock.getAsLong();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER_SIZE_BYTES];
            InputStream in = request.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                take(read);
                body.write(buffer, 0, read);
                if (body.size() > HttpLimits.BODY_SIZE_MAX_BYTES) {
                    throw tooLarge();
                }
                if (Connections.isOver(beganNanos, nanoClock.getAsLong(), HttpLimits.BODY_TIMEOUT_MILLIS)) {
                    refusals.count(Refusals.Reason.SLOW);
                    throw new Problem(
                            HttpServletResponse.SC_REQUEST_TIMEOUT,
                            "the body did not arrive within " + HttpLimits.BODY_TIMEOUT_MILLIS
                                    + " ms; send less at once",
                            Map.of("Connection", "close"));
                }
            }
            return body.toByteArray();
        }

        private void take(int bytes) throws Problem {
            if (!bodies.tryAcquire(bytes)) {
                refusals.count(Refusals.Reason.SIZE);
                throw new Problem(
                        HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                        "too much comes in at once; try again in a moment",
                        Map.of("Retry-After", "1", "Connection", "close"));
            }
            taken += bytes;
        }
    }

    private Problem tooLarge() {
        refusals.count(Refusals.Reason.SIZE);
        return new Problem(
                HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                "a body has at most " + HttpLimits.BODY_SIZE_MAX_BYTES + " bytes; send less at once",
                Map.of("Connection", "close"));
    }

    /** Writes an answer; blocks as long as the client does not take it. */
    static void deliver(Reply reply, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(reply.status());
        if (!reply.headers().containsKey("Cache-Control")) {
            response.setHeader("Cache-Control", "no-store");
        }
        reply.headers().forEach(response::setHeader);
        if (!reply.type().isEmpty()) {
            response.setContentType(reply.type());
        }
        boolean hasBody = !request.getMethod().equals("HEAD");
        switch (reply.content()) {
            case Reply.Bytes(byte[] bytes) -> {
                if (reply.status() != HttpServletResponse.SC_NOT_MODIFIED
                        && reply.status() != HttpServletResponse.SC_NO_CONTENT) {
                    response.setContentLength(bytes.length);
                }
                if (hasBody) {
                    response.getOutputStream().write(bytes);
                }
            }
            case Reply.TemporaryFile(var file) -> {
                try {
                    response.setContentLengthLong(Files.size(file));
                    if (hasBody) {
                        Files.copy(file, response.getOutputStream());
                    }
                } finally {
                    Exports.delete(file);
                }
            }
        }
    }

    private static void discard(Reply reply) throws IOException {
        if (reply.content() instanceof Reply.TemporaryFile(var file)) {
            Exports.delete(file);
        }
    }
}
