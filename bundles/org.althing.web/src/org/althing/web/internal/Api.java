// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;

/** Health and the interface for programs. It takes entries that are signed; it signs nothing. Safe for use by many threads. */
final class Api {

    private final Assembly assembly;
    private final Json json;

    Api(Assembly assembly, Json json) {
        this.assembly = assembly;
        this.json = json;
    }

    Reply answer(Call call) throws Problem, AlthingException {
        return switch (call.path()) {
            case "/health" -> health();
            case "/api/v1/status" -> json.reply(assembly.status());
            default -> throw Problem.notFound("there is nothing at this address");
        };
    }

    /** Whether the process answers, and whether the node can do all its work; if not, what it lacks. */
    private Reply health() {
        String lacks = lacks();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("live", true);
        view.put("ready", lacks.isEmpty());
        view.put("missing", lacks.isEmpty() ? List.of() : List.of(lacks));
        return new Reply(lacks.isEmpty() ? 200 : 503, Reply.JSON, new Reply.Bytes(json.bytes(view)), Map.of());
    }

    private String lacks() {
        try {
            assembly.daos();
            Assembly.Status status = assembly.status();
            return status.protocol().isEmpty()
                    ? "no sealing protocol is installed; start bundle org.althing.notary"
                    : status.methods().isEmpty()
                            ? "no voting method is installed; start bundles org.althing.tally and org.althing.methods"
                            : "";
        } catch (AlthingException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
