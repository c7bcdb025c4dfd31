// SPDX-License-Identifier: EPL-2.0
package org.althing.node.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.node.LocalDoor;
import org.althing.api.node.Plugins;
import org.junit.jupiter.api.Test;

class JsonRpcTest {

    private final JsonRpc rpc = new JsonRpc(nobody(Assembly.class), nobody(Plugins.class));

    /** Tells that a call got through. */
    private static <T> T nobody(Class<T> service) {
        return service.cast(Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] {service}, (p, m, a) -> {
            throw new AlthingException("nobody is here");
        }));
    }

    @Test
    void aHeightIsNoneOrNotNegative() {
        assertThat(join("-1")).contains(code(LocalDoor.CODE_ENVIRONMENT));
        assertThat(join("7")).contains(code(LocalDoor.CODE_ENVIRONMENT));
        assertThat(join("-2")).contains(code(LocalDoor.CODE_PARAMETERS));
        assertThat(join("1.5")).contains(code(LocalDoor.CODE_PARAMETERS));
    }

    @Test
    void aHeightOf64OnesIsNotTakenForNone() {
        assertThat(join("18446744073709551615")).contains(code(LocalDoor.CODE_PARAMETERS));
    }

    private String join(String height) {
        String line = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"join\",\"params\":[\"d\",\"s\"," + height + ",[]]}";
        return new String(rpc.answer(line.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static String code(int code) {
        return "\"code\":" + code + ",";
    }
}
