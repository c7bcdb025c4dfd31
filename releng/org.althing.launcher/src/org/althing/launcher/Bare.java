package org.althing.launcher;

import java.nio.file.Path;
import org.eclipse.core.runtime.adaptor.EclipseStarter;

/** Starts the framework without bundles and stops it: what no start of the product can beat. */
public final class Bare {

    private Bare() {}

    /** Argument: a folder for the framework. */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("osgi.configuration.area", Main.url(Path.of(arguments[0])));
        System.setProperty("osgi.instance.area", "@none");
        EclipseStarter.startup(new String[0], null);
        EclipseStarter.shutdown();
    }
}
