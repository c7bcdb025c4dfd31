// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.Submission;
import org.althing.api.assembly.RefusedException;

/**
 * Signed entries come in: one as it is, in DAG-CBOR, or many in JSON.
 *
 * @see <a href="https://ipld.io/specs/codecs/dag-cbor/spec/">DAG-CBOR</a>
 */
final class Intake {

    private final Assembly assembly;
    private final Json json;

    Intake(Assembly assembly, Json json) {
        this.assembly = assembly;
        this.json = json;
    }

    /** One entry alone that is refused is a problem; of many, each has its own answer. */
    Reply entries(Call call) throws Problem, AlthingException {
        String type = type(call);
        if (type.equals(Reply.JSON)) {
            JsonNode body = json.read(call.body());
            return json.reply(Map.of("submissions", assembly.submitAll(many(body), waitMillis(body))));
        }
        long waitMillis = call.number("waitMillis", 0, 0, Assembly.WAIT_MAX_MILLIS);
        try {
            Submission submission = assembly.submit(single(call, type), waitMillis);
            return json.reply(Map.of("submissions", List.of(submission)));
        } catch (RefusedException e) {
            throw Problem.bad(String.valueOf(e.getMessage()));
        }
    }

    /** A charter founds a DAO. */
    Reply found(Call call) throws Problem, AlthingException {
        byte[] charter = single(call, type(call));
        try {
            return json.reply(Map.of("submissions", List.of(assembly.found(charter))));
        } catch (RefusedException e) {
            throw Problem.bad(String.valueOf(e.getMessage()));
        }
    }

    private static String type(Call call) {
        String type = call.header("Content-Type").orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static byte[] single(Call call, String type) throws Problem {
        if (!type.equals(Api.DAG_CBOR) && !type.equals(Api.CBOR)) {
            throw new Problem(
                    415,
                    "send one signed entry as " + Api.DAG_CBOR + ", or many entries as " + Reply.JSON + " to "
                            + Api.ROOT + "/entries",
                    Map.of("Accept-Post", Api.DAG_CBOR + ", " + Api.CBOR + ", " + Reply.JSON));
        }
        if (call.body().length == 0) {
            throw Problem.bad("the body is empty; send the bytes of a signed entry");
        }
        return call.body();
    }

    private static List<byte[]> many(JsonNode body) throws Problem {
        JsonNode list = body.path("entries");
        if (!list.isArray() || list.isEmpty() || list.size() > HttpLimits.ENTRIES_MAX) {
            throw Problem.bad("entries must be a list of 1 to " + HttpLimits.ENTRIES_MAX + " entries in base64");
        }
        List<byte[]> entries = new ArrayList<>(list.size());
        for (JsonNode item : list) {
            try {
                entries.add(Base64.getDecoder().decode(item.isTextual() ? item.textValue() : "%"));
            } catch (IllegalArgumentException e) {
                throw Problem.bad(
                        "entry " + (entries.size() + 1) + " is no base64; encode its bytes (RFC 4648, section 4)");
            }
        }
        return entries;
    }

    private static long waitMillis(JsonNode body) throws Problem {
        JsonNode value = body.path("waitMillis");
        if (value.isMissingNode()) {
            return 0;
        }
        boolean fits = value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= 0
                && value.longValue() <= Assembly.WAIT_MAX_MILLIS;
        if (!fits) {
            throw Problem.bad("waitMillis must be a whole number, 0 to " + Assembly.WAIT_MAX_MILLIS);
        }
        return value.longValue();
    }
}
