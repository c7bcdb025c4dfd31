// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a command finds around it.
 *
 * @param variables environment variables
 * @param home the user's home folder
 * @param user the user's name
 * @param zone where times are shown for
 * @param random where keys and salts come from
 * @param self the command line that starts this program again, without arguments; empty if nobody knows
 * @param stop waits until the user or the system ends the process
 */
public record Surroundings(
        Map<String, String> variables,
        Path home,
        String user,
        InstantSource clock,
        ZoneId zone,
        RandomGenerator random,
        List<String> self,
        Stop stop) {

    static final String LAUNCHER_VARIABLE = "ALTHING_LAUNCHER";
    /** The launcher script tells the folder of the product, which holds it. */
    static final String PRODUCT_PROPERTY = "althing.home";

    private static final String LAUNCHER_FILE = "althing";
    static final String HOME_VARIABLE = "ALTHING_HOME";

    public Surroundings {
        variables = Map.copyOf(variables);
        self = List.copyOf(self);
    }

    /** Waits for the end. */
    public interface Stop {

        /**
         * Returns when the process is told to stop (Ctrl-C, SIGTERM), after it has run the task.
         *
         * @param last closes what is open; runs once
         */
        void await(Runnable last);

        /** Tells the process to stop, as an administrator may from elsewhere. Returns at once. */
        void now();
    }

    /** Those of this process. */
    public static Surroundings ofProcess(String[] arguments, Stop stop) {
        return new Surroundings(
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                System.getProperty("user.name", "member"),
                InstantSource.system(),
                ZoneId.systemDefault(),
                new SecureRandom(),
                self(arguments),
                stop);
    }

    public Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    /** The launcher script if it told its name, else the command line of this process without the arguments. */
    private static List<String> self(String[] arguments) {
        String launcher = System.getenv().getOrDefault(LAUNCHER_VARIABLE, "");
        if (!launcher.isEmpty()) {
            return List.of(launcher);
        }
        String product = System.getProperty(PRODUCT_PROPERTY, "");
        if (!product.isEmpty() && Files.isExecutable(Path.of(product, LAUNCHER_FILE))) {
            return List.of(Path.of(product, LAUNCHER_FILE).toString());
        }
        ProcessHandle.Info info = ProcessHandle.current().info();
        List<String> all = List.of(info.arguments().orElse(new String[0]));
        int own = all.size() - arguments.length;
        if (info.command().isEmpty()
                || own <= 0
                || !all.subList(own, all.size()).equals(List.of(arguments))) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of(info.command().get()));
        command.addAll(all.subList(0, own));
        return command;
    }
}
