// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Some archives go without a provider's bundle: ACCP is for one system only. */
class MissingProviderTest {

    @Test
    void withoutAccpTheNextProviderServes() throws Exception {
        assertThat(providersWithout("com.amazon.corretto."))
                .doesNotContain("ACCP")
                .contains("SunEC");
    }

    @Test
    void withoutConscryptTheOthersServe() throws Exception {
        assertThat(providersWithout("org.conscrypt."))
                .doesNotContain("Conscrypt")
                .contains("SunEC");
    }

    /** The names, as code that is loaded apart sees them. */
    private static String providersWithout(String packages) throws Exception {
        try (URLClassLoader apart = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (name.startsWith(packages)) {
                    throw new ClassNotFoundException(name);
                }
                return super.findClass(name);
            }
        }) {
            return apart.loadClass(Ed25519.class.getName())
                    .getMethod("providers")
                    .invoke(null)
                    .toString();
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(Path.of(part).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
