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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.DaoView;
import org.althing.api.assembly.Assembly.NetworkView;
import org.althing.api.assembly.Assembly.SyncView;
import org.althing.api.net.NetCounters;

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
        network(assembly);
    }

    private void each(Assembly assembly, String name, String help, ToDoubleFunction<DaoView> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("dao")
                .callback(found -> daos(assembly).forEach(dao -> found.call(value.applyAsDouble(dao), dao.dao())))
                .register(registry);
    }

    private void network(Assembly assembly) {
        GaugeWithCallback.builder()
                .name("althing_net_connections")
                .help("Connections with peers, by who began")
                .labelNames("direction")
                .callback(found -> counters(assembly).ifPresent(counters -> {
                    found.call(counters.inbound(), "inbound");
                    found.call(counters.outbound(), "outbound");
                }))
                .register(registry);
        total(assembly, "althing_net_dials_total", "Connections that were tried", NetCounters::dials);
        total(assembly, "althing_net_received_bytes_total", "Bytes read from peers", NetCounters::bytesIn);
        total(assembly, "althing_net_sent_bytes_total", "Bytes written to peers", NetCounters::bytesOut);
        total(assembly, "althing_net_received_frames_total", "Frames taken from peers", NetCounters::framesIn);
        total(assembly, "althing_net_sent_frames_total", "Frames given to peers", NetCounters::framesOut);
        CounterWithCallback.builder()
                .name("althing_net_ends_total")
                .help("Why connections and streams ended or did not come about")
                .labelNames("kind")
                .callback(found -> counters(assembly)
                        .ifPresent(counters -> counters.ends().forEach((kind, number) -> found.call(number, kind))))
                .register(registry);
        sync(
                "althing_sync_missing_seals",
                "Seals that peers are known to have and this node has not",
                assembly,
                sync -> Math.max(0, sync.heightKnown() - sync.height()));
        sync(
                "althing_sync_stalled",
                "1 if nothing comes though something is missing",
                assembly,
                sync -> sync.stalled() ? 1 : 0);
    }

    private void total(Assembly assembly, String name, String help, ToLongFunction<NetCounters> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(found -> counters(assembly).ifPresent(counters -> found.call(value.applyAsLong(counters))))
                .register(registry);
    }

    private void sync(String name, String help, Assembly assembly, ToLongFunction<SyncView> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("dao")
                .callback(found -> status(assembly)
                        .ifPresent(status ->
                                status.sync().forEach(sync -> found.call(value.applyAsLong(sync), sync.dao()))))
                .register(registry);
    }

    private static Optional<NetCounters> counters(Assembly assembly) {
        return status(assembly).flatMap(Assembly.Status::network).map(NetworkView::counters);
    }

    private static Optional<Assembly.Status> status(Assembly assembly) {
        try {
            return Optional.of(assembly.status());
        } catch (AlthingException e) {
            return Optional.empty(); // Health tells why.
        }
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
