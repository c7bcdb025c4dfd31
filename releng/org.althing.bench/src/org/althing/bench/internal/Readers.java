// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.althing.api.AlthingException;

/** Many clients of an HTTP server at one time. */
final class Readers {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
    private static final String EVENTS_PATH = "/api/v1/events";

    private Readers() {}

    /**
     * What they met.
     *
     * @param nanos how long each answer took, sorted
     * @param errors answers of another status than 200, and none
     */
    record Figures(long[] nanos, long seconds, long errors, long events, long brokenStreams) {

        double perSecond() {
            return nanos.length / (double) seconds;
        }

        /**
         * How long this part of the answers took at most.
         *
         * @param part 0 to 1
         */
        double millis(double part) {
            return nanos.length == 0 ? 0 : nanos[(int) Math.min(nanos.length - 1L, (long) (part * nanos.length))] / 1e6;
        }
    }

    /** Answers of one reader. */
    private static final class Times {
        private long[] nanos = new long[1024];
        private int count;

        void add(long elapsedNanos) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = elapsedNanos;
        }
    }

    /** Reads for so long: every reader asks for one path after the other, each as soon as it has the last answer. */
    static Figures read(URI server, List<String> paths, int readers, int streams, long seconds)
            throws AlthingException {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong errors = new AtomicLong();
        AtomicLong events = new AtomicLong();
        AtomicInteger broken = new AtomicInteger();
        List<Times> times = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < streams; i++) {
                Thread.ofVirtual().start(() -> follow(client, server, ended, events, broken));
            }
            for (int i = 0; i < readers; i++) {
                int first = i;
                Times own = new Times();
                times.add(own);
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int k = first; !ended.get(); k++) {
                        ask(client, server.resolve(paths.get(k % paths.size())), own, errors);
                    }
                }));
            }
            Thread.sleep(Duration.ofSeconds(seconds));
            ended.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            client.shutdownNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AlthingException("interrupted", e);
        }
        long[] all = times.stream()
                .flatMapToLong(own -> Arrays.stream(own.nanos, 0, own.count))
                .sorted()
                .toArray();
        return new Figures(all, seconds, errors.get(), events.get(), broken.get());
    }

    private static void ask(HttpClient client, URI address, Times times, AtomicLong errors) {
        long began = System.nanoTime();
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(address).timeout(ANSWER_TIMEOUT).build();
            if (client.send(request, BodyHandlers.discarding()).statusCode() != 200) {
                errors.incrementAndGet();
            }
        } catch (IOException e) {
            errors.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        times.add(System.nanoTime() - began);
    }

    private static void follow(
            HttpClient client, URI server, AtomicBoolean ended, AtomicLong events, AtomicInteger broken) {
        HttpRequest request =
                HttpRequest.newBuilder(server.resolve(EVENTS_PATH)).build();
        try (InputStream body =
                        client.send(request, BodyHandlers.ofInputStream()).body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                events.addAndGet(line.startsWith("id:") ? 1 : 0);
            }
            broken.addAndGet(ended.get() ? 0 : 1);
        } catch (IOException e) {
            broken.addAndGet(ended.get() ? 0 : 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
