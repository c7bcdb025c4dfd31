// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.althing.api.assembly.Assembly;
import org.althing.api.node.LocalDoor;
import org.althing.api.node.Plugins;
import org.althing.fuzz.FuzzTarget;
import org.althing.fuzz.Nobody;

/** Lines of the local door: whatever comes is answered by one line of JSON, and none is a bug. */
public final class LocalDoorTarget {

    private static final JsonRpc RPC = new JsonRpc(Nobody.as(Assembly.class), Nobody.as(Plugins.class));
    private static final ObjectMapper JSON = new ObjectMapper();

    private LocalDoorTarget() {}

    public static List<byte[]> seeds() {
        return Stream.of(
                        "\"status\",\"params\":[]",
                        "\"join\",\"params\":[\"d\",\"s\",-1,[\"/ip4\"]]",
                        "\"submit\",\"params\":[\"AAEC\",10]",
                        "\"submitAll\",\"params\":[[\"AAEC\",\"\"],10]",
                        "\"proposals\",\"params\":[\"d\",null,0,10]",
                        "\"seals\",\"params\":[\"d\",0,10]")
                .map(call -> "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":" + call + "}")
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        JsonNode answer = JSON.readTree(RPC.answer(input));
        FuzzTarget.require(answer.path("jsonrpc").asText().equals("2.0") && answer.has("id"), "there is an answer");
        FuzzTarget.require(
                answer.path("error").path("code").asInt() != LocalDoor.CODE_BUG,
                answer.path("error").path("message").asText());
    }
}
