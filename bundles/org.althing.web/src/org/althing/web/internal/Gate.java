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
import java.util.Optional;
import java.util.function.LongSupplier;

/** Asks {@link Rules} about every request before anything else sees it, and counts what came of it. */
final class Gate implements Filter {

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
        SecurityHeaders.ALL.forEach(response::setHeader);
        Optional<Problem> problem = rules.judge(new Knock(
                request.getMethod(),
                request.getRequestURI(),
                request.getHeader("Host"),
                request.getServerName(),
                request.getHeader("Origin"),
                request.getHeader("Sec-Fetch-Site"),
                request.getRemoteAddr(),
                request.getLocalAddr()));
        if (problem.isPresent()) {
            Shell.send(json.reply(problem.get()), request, response);
        } else {
            chain.doFilter(request, response);
        }
        metrics.answered(request.getMethod(), response.getStatus(), nanoClock.getAsLong() - beganNanos);
    }
}
