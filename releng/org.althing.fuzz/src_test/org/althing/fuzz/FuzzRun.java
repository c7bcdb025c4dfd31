// SPDX-License-Identifier: EPL-2.0
package org.althing.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run of Jazzer, in a process of its own, so that what a decoder takes in memory and time is bounded there.
 *
 * @param isClean whether the fuzzer came to the end of its time without a finding
 * @param executions inputs that were tried; 0 unless it is clean
 * @param coverage edges of our code that were reached; 0 unless it is clean
 * @param log what the fuzzer said at the end: of a finding, the stack trace and the input in base64
 */
record FuzzRun(boolean isClean, long executions, long coverage, String log) {

    /** For one input; a decoder takes microseconds, even on a busy machine. */
    private static final int INPUT_TIMEOUT_SECONDS = 10;

    private static final int INPUT_MAX_BYTES = 16 * 1024;
    private static final int HEAP_MAX_MIB = 256;
    /** Start-up and end of the process. */
    private static final int OVERHEAD_SECONDS = 120;

    /** Looks for injections into what no decoder of ours calls; to load them takes longer than a short run. */
    private static final String SANITIZERS = Stream.of(
                    "BigDecimal",
                    "ClojureLangHooks",
                    "Deserialization",
                    "ExpressionLanguageInjection",
                    "FilePathTraversal",
                    "LdapInjection",
                    "NamingContextLookup",
                    "OsCommandInjection",
                    "ReflectiveCall",
                    "RegexInjection",
                    "RegexRoadblocks",
                    "ScriptEngineInjection",
                    "ServerSideRequestForgery",
                    "SqlInjection",
                    "TemplateInjection",
                    "UnsafeSanitizer",
                    "XPathInjection",
                    "XmlParserSsrfGuidance")
            .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
            .collect(Collectors.joining(":"));

    private static final int LOG_TAIL_CHARS = 4000;
    private static final Pattern DONE =
            Pattern.compile("#(\\d+)\\s+DONE\\s+cov: (\\d+) .*Done \\d+ runs", Pattern.DOTALL);

    static FuzzRun of(FuzzTarget target, int seconds) throws IOException, InterruptedException {
        Path folder = Path.of("target", "fuzz", target.type().getSimpleName()).toAbsolutePath();
        clear(folder);
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        List<byte[]> seeds = target.seeds().get();
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed-" + i), seeds.get(i));
        }
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MAX_MIB + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+EnableDynamicAgentLoading",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.type().getName(),
                        "--instrumentation_includes=org.althing.**",
                        "--custom_hook_includes=org.althing.**",
                        "--disabled_hooks=" + SANITIZERS,
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        "-max_total_time=" + seconds,
                        "-max_len=" + INPUT_MAX_BYTES,
                        "-timeout=" + INPUT_TIMEOUT_SECONDS,
                        "-print_final_stats=0",
                        corpus.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean ended = process.waitFor(seconds + OVERHEAD_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(log);
            Matcher done = DONE.matcher(text);
            boolean isClean = ended && process.exitValue() == 0 && done.find();
            return new FuzzRun(
                    isClean,
                    isClean ? Long.parseLong(done.group(1)) : 0,
                    isClean ? Long.parseLong(done.group(2)) : 0,
                    text.substring(Math.max(0, text.length() - LOG_TAIL_CHARS)));
        } finally {
            process.destroyForcibly();
        }
    }

    private static void clear(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
