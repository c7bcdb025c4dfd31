// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.RefusedException;
import org.althing.api.governance.ProposalStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "proposals",
        description = "List proposals, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {"  althing proposals", "  althing proposals --status voting --json"})
final class ProposalsCommand extends AssemblyCommand {

    private static final int ROWS_DEFAULT = 50;

    @Option(names = "--dao", paramLabel = "DAO", description = "Which DAO, if the node has several.")
    @Nullable
    String dao;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only those: submitted, review, voting, closed, passed, rejected, ...")
    @Nullable
    String status;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, 1 to 1000; default 50.")
    int limit = ROWS_DEFAULT;

    @Option(names = "--offset", paramLabel = "N", description = "Leave out the newest N.")
    int offset;

    ProposalsCommand(Session session) {
        super(session);
    }

    @Override
    void check() throws Failure {
        if (limit < 1 || limit > Assembly.PAGE_MAX_ROWS) {
            throw Failure.usage("--limit: " + limit + " is out of range; write 1 to " + Assembly.PAGE_MAX_ROWS);
        }
        if (offset < 0) {
            throw Failure.usage("--offset: " + offset + " is out of range; write 0 or more");
        }
        List<String> known = List.of(ProposalStatus.values()).stream()
                .map(ProposalsCommand::word)
                .toList();
        if (status != null && !known.contains(word(status))) {
            throw Failure.usage("--status: '" + status + "' is no status; there is " + String.join(", ", known));
        }
    }

    @Override
    int run(Assembly assembly) throws Failure, RefusedException, AlthingException {
        String chosen = dao(assembly, dao);
        List<Assembly.ProposalView> rows =
                assembly.proposals(chosen, Optional.ofNullable(status).map(ProposalsCommand::word), offset, limit);
        if (session.json()) {
            session.print(Json.object().put("dao", chosen).set("proposals", Json.of(rows)));
        } else if (rows.isEmpty()) {
            session.line(
                    status == null
                            ? "No proposals yet; make one with `althing propose TITLE`."
                            : "No proposal is " + status + ".");
        } else {
            table(rows);
        }
        return ExitCode.FINE.code();
    }

    private void table(List<Assembly.ProposalView> rows) {
        Table table = new Table(session.terminal(), "Proposal", "Title", "Status", ">Ballots", "Result or deadline");
        long now = session.surroundings().clock().millis();
        for (Assembly.ProposalView row : rows) {
            table.row(
                    Table.Cell.of(Words.shortCid(row.proposal())),
                    Table.Cell.of(row.title()),
                    new Table.Cell(ProposalText.words(row.status()), ProposalText.style(row.status())),
                    Table.Cell.of(row.ballots()),
                    Table.Cell.of(ProposalText.gist(row, now)));
        }
        table.print();
    }

    private static String word(Object status) {
        return status.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
