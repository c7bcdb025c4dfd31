// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks {@link Rules} about every request before anything else sees it, and counts what came of it. */
final class Gate implements Filter {

    /** The attribute of a request whose answer is still to come when its thread returns; who sends the answer counts it. */
    static final String COUNTED_LATER = "org.althing.web.counted";

    /** The attribute of a request that tells how long it must wait before it is answered. */
    static final String PAUSE_NANOS = "org.althing.web.pause";

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Rules rules;
    private final Json json;
    private final Metrics metrics;
    private final LongSupplier nanoClock;

    Gate(Rules rules, Json json, Metrics metrics, LongSupplier nanoClock) {
        this.rules = rules;
        this.json = json;
        this.metrics = metrics;
        this.nanoClock = nanoClock;
    }

    @Override
    public void doFilter(ServletRequest in, ServletResponse out, FilterChain chain)
            throws IOException, ServletException {
        if (!(in instanceof HttpServletRequest request) || !(out instanceof HttpServletResponse response)) {
            throw new ServletException("HTTP only");
        }
        long beganNanos = nanoClock.getAsLong();
        SecurityHeaders.of(rules.secure()).forEach(response::setHeader);
        try {
            request.setAttribute(PAUSE_NANOS, rules.judge(knock(request)));
            chain.doFilter(request, response);
        } catch (Problem problem) {
            // Who sends on and on, and does not read what it is told, is not to hold a thread.
            response.setHeader("Connection", "close");
            refuse(problem, request, response);
        } catch (IOException e) {
            // Most often the client has gone: no business of the log, which it could fill that way.
            LOG.debug("{} was not answered: {}", request.getRequestURI(), e.toString());
        }
        if (request.getAttribute(COUNTED_LATER) == null) {
            metrics.answered(request.getMethod(), response.getStatus(), nanoClock.getAsLong() - beganNanos);
        }
    }

    private void refuse(Problem problem, HttpServletRequest request, HttpServletResponse response) {
        try {
            Shell.deliver(json.reply(problem), request, response);
        } catch (IOException e) {
            LOG.debug("{} was not answered: {}", request.getRequestURI(), e.toString());
        }
    }

    private static Knock knock(HttpServletRequest request) {
        return new Knock(
                request.getMethod(),
                request.getRequestURI(),
                request.getHeader("Host"),
                request.getServerName(),
                request.getHeader("Origin"),
                request.getHeader("Sec-Fetch-Site"),
                request.getRemoteAddr(),
                request.getLocalAddr());
    }
}
