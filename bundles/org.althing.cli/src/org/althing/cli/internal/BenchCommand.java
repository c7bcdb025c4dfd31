// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.althing.api.AlthingException;
import org.althing.api.bench.Benchmark;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        description = {
            "Measure this machine.",
            "How fast, and how many times better than the baseline measured in the same run."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  althing bench           list the benchmarks", "  althing bench ingest"})
final class BenchCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Which; without it they are listed.")
    @Nullable
    String name;

    BenchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws Failure, AlthingException {
        List<Benchmark> all = session.services().all(Benchmark.class);
        if (name == null) {
            list(all);
            return ExitCode.FINE.code();
        }
        Benchmark chosen = all.stream()
                .filter(b -> b.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Failure.usage("no benchmark '" + name + "'; there is "
                        + (all.isEmpty()
                                ? "none in this product"
                                : String.join(
                                        ", ",
                                        all.stream()
                                                .map(Benchmark::name)
                                                .sorted()
                                                .toList()))));
        List<Benchmark.Row> rows = chosen.run(line -> {
            if (session.terminal().live()) {
                session.remark(line);
            }
        });
        if (session.json()) {
            session.print(json(chosen, rows));
        } else {
            table(rows);
        }
        return ExitCode.FINE.code();
    }

    private void list(List<Benchmark> all) {
        if (session.json()) {
            ArrayNode names = Json.array();
            all.forEach(b -> names.addObject().put("bench", b.name()).put("summary", b.summary()));
            session.print(Json.object().set("benchmarks", names));
            return;
        }
        Table table = new Table(session.terminal(), "Name", "Measures");
        all.forEach(b -> table.row(b.name(), b.summary()));
        table.print();
    }

    private static ObjectNode json(Benchmark bench, List<Benchmark.Row> rows) {
        ObjectNode answer = Json.object().put("bench", bench.name());
        ArrayNode array = answer.putArray("rows");
        for (Benchmark.Row row : rows) {
            array.addObject()
                    .put("case", row.title())
                    .put("value", row.value())
                    .put("unit", row.unit())
                    .put("baseline", row.baseline())
                    .put("baselineValue", row.baselineValue())
                    .put("ratio", row.ratio());
        }
        return answer;
    }

    private void table(List<Benchmark.Row> rows) {
        Table table = new Table(session.terminal(), "Case", ">Value", "Unit", "Baseline", ">Value", ">Ratio");
        rows.forEach(r -> table.row(
                r.title(),
                number(r.value()),
                r.unit(),
                r.baseline(),
                number(r.baselineValue()),
                String.format(Locale.ROOT, "%.2fx", r.ratio())));
        table.print();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.3g", value);
    }
}
