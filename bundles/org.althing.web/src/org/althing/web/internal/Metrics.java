// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.DaoView;

/**
 * What an operator watches, in the text format of Prometheus. Safe for use by many threads.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
final class Metrics {

    /** Other methods count as one, so that nobody can invent labels. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE");

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final Counter requests;
    private final Histogram seconds;

    Metrics(Refusals refusals) {
        requests = Counter.builder()
                .name("althing_http_requests_total")
                .help("Requests that were answered")
                .labelNames("method", "status")
                .withoutExemplars()
                .register(registry);
        seconds = Histogram.builder()
                .name("althing_http_request_seconds")
                .help("Time from the end of the header to the end of the answer; of streams, to their beginning")
                .unit(Unit.SECONDS)
                .classicUpperBounds(0.001, 0.005, 0.025, 0.1, 0.25, 1, 10)
                .classicOnly()
                .withoutExemplars()
                .register(registry);
        CounterWithCallback.builder()
                .name("althing_http_refused_total")
                .help("What was turned away, by reason")
                .labelNames("reason")
                .callback(found -> {
                    for (Refusals.Reason reason : Refusals.Reason.values()) {
                        found.call(refusals.of(reason), reason.word());
                    }
                })
                .register(registry);
        gauge("althing_heap_bytes", "Heap in use", () -> {
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        });
    }

    void answered(String method, int status, long tookNanos) {
        requests.labelValues(METHODS.contains(method) ? method : "other", String.valueOf(status))
                .inc();
        seconds.observe((double) tookNanos / TimeUnit.SECONDS.toNanos(1));
    }

    /** Also tells a number that is asked for each time. */
    void gauge(String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(found -> found.call(value.getAsLong()))
                .register(registry);
    }

    /** Also tells of the DAOs of a node. */
    void watch(Assembly assembly) {
        each(assembly, "althing_dao_height", "Height of the last seal", DaoView::height);
        each(assembly, "althing_dao_entries", "Entries in the ledger", DaoView::entries);
        each(assembly, "althing_dao_pending_entries", "Entries that wait for a seal", DaoView::pending);
        each(assembly, "althing_dao_open_proposals", "Proposals that are not ended", DaoView::open);
        each(assembly, "althing_dao_members", "Active members", DaoView::members);
    }

    private void each(Assembly assembly, String name, String help, ToDoubleFunction<DaoView> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("dao")
                .callback(found -> daos(assembly).forEach(dao -> found.call(value.applyAsDouble(dao), dao.dao())))
                .register(registry);
    }

    private static List<DaoView> daos(Assembly assembly) {
        try {
            return assembly.daos();
        } catch (AlthingException e) {
            return List.of(); // Health tells why.
        }
    }

    Reply answer(Call call) throws Problem {
        Api.only(call, "GET");
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            writer.write(out, registry.scrape());
            return Reply.ok(writer.getContentType(), out.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written", e);
        }
    }
}
