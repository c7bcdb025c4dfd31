// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import org.althing.api.AlthingException;

/** Who answers which path. */
record Routes(Api api, Admin admin, Metrics metrics, Page page) implements Shell.Handler {

    @Override
    public Reply answer(Call call) throws Problem, AlthingException {
        String path = call.path();
        if (path.startsWith(Admin.ROOT)) {
            return admin.answer(call);
        }
        if (path.startsWith(Api.ROOT + "/")) {
            if (Api.founds(call)) {
                admin.authorize(call);
            }
            return api.answer(call);
        }
        return switch (path) {
            case "/health", "/health/ready" -> api.ready(call);
            case "/health/live" -> api.live(call);
            case "/metrics" -> metrics.answer(call);
            default -> page.answer(call);
        };
    }
}
