// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.lang.reflect.Proxy;
import org.althing.api.AlthingException;

/** What is behind a door when only the door is looked at: nothing can be had there. */
public final class Nobody {

    private Nobody() {}

    /** Whatever it is asked, the environment fails. */
    public static <T> T as(Class<T> service) {
        return service.cast(
                Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] {service}, (p, method, a) -> {
                    throw new AlthingException("nobody is here");
                }));
    }
}
