// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty says by itself, of requests that never reach a servlet: in the words of all other problems. */
final class ErrorPages extends ErrorHandler {

    private final Json json;
    private final Refusals refusals;

    ErrorPages(Json json, Refusals refusals) {
        this.json = json;
        this.refusals = refusals;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        count(code);
        SecurityHeaders.of(request.getConnectionMetaData().isSecure()).forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Reply.PROBLEM);
        response.write(true, ByteBuffer.wrap(body(code, message)), callback);
    }

    /** The codes of headers that could not even be read; a servlet makes its own answers. */
    private void count(int code) {
        switch (code) {
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, HttpStatus.URI_TOO_LONG_414 ->
                refusals.count(Refusals.Reason.SIZE);
            case HttpStatus.REQUEST_TIMEOUT_408 -> refusals.count(Refusals.Reason.SLOW);
            default -> {
                if (HttpStatus.isClientError(code)) {
                    refusals.count(Refusals.Reason.MALFORMED);
                }
            }
        }
    }

    private byte[] body(int status, @Nullable String message) {
        String said = message == null || status >= HttpStatus.INTERNAL_SERVER_ERROR_500
                ? HttpStatus.getMessage(status)
                : message;
        Reply reply = json.reply(new Problem(status, said, Map.of()));
        return ((Reply.Bytes) reply.content()).bytes();
    }
}
