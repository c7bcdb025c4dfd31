// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.util.Map;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only the administrator may do.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750">RFC 6750: Bearer Token Usage</a>
 */
final class Admin {

    static final String ROOT = Api.ROOT + "/admin/";

    static final String AUTHORIZATION = "Authorization";

    private static final Logger LOG = LoggerFactory.getLogger(Admin.class);
    private static final String BEARER = "Bearer ";

    private final Assembly assembly;
    private final Json json;
    private final AdminToken token;
    private final Rate wrongTokens;
    private final Refusals refusals;
    private final Runnable stop;

    Admin(Assembly assembly, Json json, AdminToken token, Rate wrongTokens, Refusals refusals, Runnable stop) {
        this.assembly = assembly;
        this.json = json;
        this.token = token;
        this.wrongTokens = wrongTokens;
        this.refusals = refusals;
        this.stop = stop;
    }

    Reply answer(Call call) throws Problem, AlthingException {
        authorize(call);
        return switch (call.path().substring(ROOT.length())) {
            case "problems" -> {
                Api.only(call, "GET");
                yield json.reply(Map.of("problems", assembly.status().problems()));
            }
            case "stop" -> {
                Api.only(call, "POST");
                LOG.info("stopped by the administrator");
                stop.run();
                yield new Reply(202, Reply.JSON, new Reply.Bytes(json.bytes(Map.of("stopping", true))), Map.of());
            }
            default -> throw Problem.notFound("there is no such call; problems and stop are known");
        };
    }

    /** Guessing is slow; but others who guess from the same address do not lock out who knows. */
    void authorize(Call call) throws Problem {
        String given = call.header(AUTHORIZATION).orElse("");
        if (given.startsWith(BEARER)
                && token.matches(given.substring(BEARER.length()).strip())) {
            return;
        }
        refusals.count(Refusals.Reason.TOKEN);
        if (!wrongTokens.take(call.remote())) {
            throw new Problem(
                    429, "too many wrong tokens from your address; wait a second", Map.of("Retry-After", "1"));
        }
        throw new Problem(
                401,
                "this needs the token from file " + AdminToken.FILE
                        + " of the data folder; send it as: Authorization: Bearer TOKEN",
                Map.of("WWW-Authenticate", "Bearer realm=\"althing\""));
    }
}
