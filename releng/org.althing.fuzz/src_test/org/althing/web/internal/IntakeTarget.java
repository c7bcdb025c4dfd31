// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.fuzz.FuzzTarget;
import org.althing.fuzz.Nobody;

/** Bodies of HTTP requests. */
public final class IntakeTarget {

    private static final Intake INTAKE = new Intake(Nobody.as(Assembly.class), new Json());
    private static final List<String> TYPES = List.of(Reply.JSON, Api.DAG_CBOR, "application/json; charset=x", "");

    private IntakeTarget() {}

    public static List<byte[]> seeds() {
        byte[] many = "{\"entries\":[\"AAEC\",\"gqk=\"],\"waitMillis\":1000}".getBytes(StandardCharsets.UTF_8);
        return List.of(
                FuzzTarget.forDecoder(0, many),
                FuzzTarget.forDecoder(1, new byte[] {1, 2}),
                FuzzTarget.forDecoder(2, many),
                FuzzTarget.forDecoder(3, many));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        Map<String, String> headers = Map.of("content-type", TYPES.get(input[0] & TYPES.size() - 1));
        Call call = new Call("POST", "/entries", Map.of(), headers, body, "::1");
        for (boolean founds : new boolean[] {false, true}) {
            try {
                Reply reply = founds ? INTAKE.found(call) : INTAKE.entries(call);
                throw new AssertionError("an answer from nobody: " + reply.status());
            } catch (Problem e) {
                FuzzTarget.require(e.status() >= 400 && e.status() < 500, "whoever sent it is to blame");
            } catch (AlthingException e) {
                // It came through to the assembly.
            }
        }
    }
}
