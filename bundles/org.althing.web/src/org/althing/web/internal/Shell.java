// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

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
import java.util.function.LongSupplier;
import org.althing.api.AlthingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes calls of requests and answers of replies; everything between is pure. */
final class Shell extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Shell.class);
    private static final int BUFFER_SIZE_BYTES = 8 * 1024;

    private final transient Handler handler;
    private final transient Json json;
    private final transient Refusals refusals;
    private final transient LongSupplier nanoClock;

    /** Answers complete requests. */
    interface Handler {
        Reply answer(Call call) throws Problem, AlthingException;
    }

    Shell(Handler handler, Json json, Refusals refusals, LongSupplier nanoClock) {
        this.handler = handler;
        this.json = json;
        this.refusals = refusals;
        this.nanoClock = nanoClock;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(reply(request), request, response);
    }

    private Reply reply(HttpServletRequest request) throws IOException {
        try {
            return handler.answer(call(request));
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

    private Call call(HttpServletRequest request) throws Problem, IOException {
        Map<String, String> headers = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name));
        }
        return new Call(
                request.getMethod(),
                Paths.decode(request.getRequestURI()),
                Paths.query(request.getQueryString()),
                headers,
                body(request),
                request.getRemoteAddr());
    }

    /** The whole body, in time and within bounds. */
    private byte[] body(HttpServletRequest request) throws Problem, IOException {
        if (request.getContentLengthLong() > HttpLimits.BODY_SIZE_MAX_BYTES) {
            throw tooLarge();
        }
        long beganNanos = nanoClock.getAsLong();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_SIZE_BYTES];
        InputStream in = request.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            body.write(buffer, 0, read);
            if (body.size() > HttpLimits.BODY_SIZE_MAX_BYTES) {
                throw tooLarge();
            }
            if (Connections.isOver(beganNanos, nanoClock.getAsLong(), HttpLimits.BODY_TIMEOUT_MILLIS)) {
                refusals.count(Refusals.Reason.SLOW);
                throw new Problem(
                        HttpServletResponse.SC_REQUEST_TIMEOUT,
                        "the body did not arrive within " + HttpLimits.BODY_TIMEOUT_MILLIS + " ms; send less at once",
                        Map.of("Connection", "close"));
            }
        }
        return body.toByteArray();
    }

    private Problem tooLarge() {
        refusals.count(Refusals.Reason.SIZE);
        return new Problem(
                HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                "a body has at most " + HttpLimits.BODY_SIZE_MAX_BYTES + " bytes; send less at once",
                Map.of("Connection", "close"));
    }

    static void send(Reply reply, HttpServletRequest request, HttpServletResponse response) throws IOException {
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
                if (reply.status() != HttpServletResponse.SC_NOT_MODIFIED) {
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
}
