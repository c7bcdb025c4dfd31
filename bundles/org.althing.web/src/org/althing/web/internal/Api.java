// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.althing.api.AlthingException;
import org.althing.api.assembly.Assembly;
import org.althing.api.assembly.Assembly.CommentView;
import org.althing.api.assembly.Assembly.DaoView;
import org.althing.api.assembly.Assembly.PeerView;
import org.althing.api.assembly.Assembly.ProposalView;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpApi;

/**
 * The interface for programs, version 1: the use cases of an assembly by method and path, as {@code openapi.json} beside this class describes
 * them. It takes entries that are signed; it signs nothing. Safe for use by many threads.
 */
final class Api {

    static final String ROOT = HttpApi.PATH;
    static final String DAG_CBOR = HttpApi.ENTRY_TYPE;
    static final String CBOR = "application/cbor";

    /** The parameter that asks for it, and the member that has it. */
    private static final String HTML = "html";

    private static final String GET = "GET";
    private static final String POST = "POST";

    private final Assembly assembly;
    private final Json json;
    private final Intake intake;
    private final Proposals proposals;
    private final Exports exports;
    private final Admin admin;
    private final Kept kept;
    private final Coalescing looks = new Coalescing();
    private final byte[] openApi;

    Api(Assembly assembly, Json json, Admin admin, Kept kept) {
        this.assembly = assembly;
        this.json = json;
        this.intake = new Intake(assembly, json);
        this.proposals = new Proposals(assembly);
        this.exports = new Exports(assembly);
        this.admin = admin;
        this.kept = kept;
        try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("the bundle lacks openapi.json");
            }
            this.openApi = in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("a resource of the bundle can be read", e);
        }
    }

    /** Answers what is below {@link #ROOT}, administration and events excepted. */
    Reply answer(Call call) throws Problem, AlthingException {
        List<String> path = List.of(call.path().substring(ROOT.length() + 1).split("/", -1));
        String first = path.getFirst();
        return switch (path.size()) {
            case 1 ->
                switch (first) {
                    case "status" -> told(call, assembly::status, Api::withoutFolder);
                    case "peers" -> told(call, assembly::peers, Api::withoutAddresses);
                    case "methods" -> get(call, assembly::methods);
                    case "openapi.json" -> {
                        only(call, GET);
                        yield Reply.ok(Reply.JSON, openApi);
                    }
                    case "daos" ->
                        call.method().equals(POST)
                                ? intake.found(call)
                                : current(call, GET + ", " + POST, assembly::daos);
                    case "entries" -> {
                        only(call, POST);
                        yield intake.entries(call);
                    }
                    default -> throw nothing();
                };
            case 2 ->
                switch (first) {
                    case "daos" -> current(call, GET, () -> text(call, assembly.dao(path.get(1)), DaoView::purpose));
                    case "proposals" ->
                        sealed(call, () -> text(call, assembly.proposal(path.get(1)), ProposalView::text));
                    case "entries" -> entry(call, path.get(1));
                    default -> throw nothing();
                };
            case 3 ->
                switch (first + "/" + path.get(2)) {
                    case "daos/members" -> sealed(call, () -> assembly.members(path.get(1)));
                    case "daos/proposals" -> sealed(call, () -> proposals.list(path.get(1), call));
                    case "daos/seals" -> seals(call, path.get(1));
                    case "daos/evidence" -> evidence(call, path.get(1));
                    case "proposals/evidence" -> {
                        requireDecided(path.get(1));
                        yield evidence(call, path.get(1));
                    }
                    case "proposals/comments" ->
                        sealed(call, () -> texts(call, assembly.comments(path.get(1)), CommentView::text));
                    default -> throw nothing();
                };
            case 4 ->
                switch (first + "/" + path.get(2)) {
                    case "daos/authoring" -> get(call, () -> assembly.authoring(path.get(1), path.get(3)));
                    case "proposals/ballots" -> ballot(call, path.get(1), path.get(3));
                    default -> throw nothing();
                };
            default -> throw nothing();
        };
    }

    private static Problem nothing() {
        return Problem.notFound("there is nothing at this address; " + ROOT + "/openapi.json lists what there is");
    }

    /** A use case that only looks; who asks it for what is not there, names it wrongly. */
    interface Look {
        Object now() throws Problem, RefusedException, AlthingException;
    }

    private Reply get(Call call, Look look) throws Problem, AlthingException {
        only(call, GET);
        return looks.ask(new Coalescing.Question(call.path(), call.query()), () -> json.reply(look(look)));
    }

    /** For what only a seal changes. */
    private Reply sealed(Call call, Look look) throws Problem, AlthingException {
        return kept(call, GET, Kept.Until.SEAL, look);
    }

    /** For what pending entries change, too. */
    private Reply current(Call call, String allowed, Look look) throws Problem, AlthingException {
        return kept(call, allowed, Kept.Until.CHANGE, look);
    }

    private Reply kept(Call call, String allowed, Kept.Until until, Look look) throws Problem, AlthingException {
        only(call, GET, allowed);
        var question = new Coalescing.Question(call.path(), call.query());
        Optional<Reply> known = kept.find(question, until);
        if (known.isPresent()) {
            return known.get();
        }
        long before = kept.changes(until);
        Reply reply = looks.ask(question, () -> json.reply(look(look)));
        kept.keep(question, reply, before);
        return reply;
    }

    private static Object look(Look look) throws Problem, AlthingException {
        try {
            return look.now();
        } catch (RefusedException e) {
            throw Problem.notFound(String.valueOf(e.getMessage()));
        }
    }

    static void only(Call call, String method) throws Problem {
        only(call, method, method);
    }

    private static void only(Call call, String method, String allowed) throws Problem {
        boolean fits = call.method().equals(method)
                || method.equals(GET) && call.method().equals("HEAD");
        if (!fits) {
            throw new Problem(405, "this address takes " + allowed + " only", Map.of("Allow", allowed));
        }
    }

    /** A use case that the administrator is told more by than others. */
    interface Whole<T> {
        T now() throws AlthingException;
    }

    /** The whole to who has the administrator's token, a part to all others. */
    private <T> Reply told(Call call, Whole<T> whole, UnaryOperator<T> part) throws Problem, AlthingException {
        if (call.header(Admin.AUTHORIZATION).isPresent()) {
            only(call, GET);
            admin.authorize(call);
            return json.reply(whole.now());
        }
        return get(call, () -> part.apply(whole.now()));
    }

    /** Where members live is nobody's business. */
    private static List<PeerView> withoutAddresses(List<PeerView> peers) {
        return peers.stream()
                .map(peer -> new PeerView(
                        peer.peer(),
                        "",
                        peer.inbound(),
                        peer.sinceMillis(),
                        peer.agent(),
                        peer.roundTripMicros(),
                        peer.score(),
                        peer.meshes()))
                .toList();
    }

    /** Where on its disk the node is, neither. */
    private static Assembly.Status withoutFolder(Assembly.Status status) {
        return new Assembly.Status(
                status.version(),
                "",
                status.notary(),
                status.protocol(),
                status.signatures(),
                status.startedMillis(),
                status.methods(),
                status.daos(),
                status.network(),
                status.sync(),
                status.problems().stream()
                        .map(problem -> problem.replace(status.data(), "the data folder"))
                        .toList());
    }

    /** A view, and for who asks so, the HTML of its text. */
    private <T> Object text(Call call, T view, Function<T, String> text) throws Problem {
        List<?> views = texts(call, List.of(view), text);
        return views.getFirst();
    }

    private <T> List<?> texts(Call call, List<T> views, Function<T, String> text) throws Problem {
        if (!call.wants(HTML)) {
            return views;
        }
        CommonMark commonMark = new CommonMark();
        return views.stream()
                .map(view -> json.with(view, HTML, commonMark.html(text.apply(view))))
                .toList();
    }

    private Reply seals(Call call, String dao) throws Problem, AlthingException {
        long from = call.number("from", 0, 0, Long.MAX_VALUE);
        int limit = (int) call.number("limit", HttpLimits.ROWS_DEFAULT, 1, HttpLimits.ROWS_MAX);
        return sealed(call, () -> assembly.seals(dao, from, limit));
    }

    /** Its bytes never change, since its name is their hash. */
    private Reply entry(Call call, String cid) throws Problem, AlthingException {
        only(call, GET);
        byte[] bytes = (byte[]) look(() -> assembly.entry(cid));
        return new Reply(
                200,
                DAG_CBOR,
                new Reply.Bytes(bytes),
                Map.of("Cache-Control", "public, max-age=31536000, immutable", "Content-Disposition", "attachment"));
    }

    private Reply ballot(Call call, String proposal, String member) throws Problem, AlthingException {
        only(call, GET);
        var ballot = (Optional<?>) look(() -> assembly.ballot(proposal, member));
        return ballot.isPresent() ? json.reply(ballot.get()) : Reply.nothing();
    }

    private Reply evidence(Call call, String subject) throws Problem, AlthingException {
        only(call, GET);
        return (Reply) look(() -> exports.export(subject));
    }

    private void requireDecided(String proposal) throws Problem, AlthingException {
        var view = (ProposalView) look(() -> assembly.proposal(proposal));
        if (view.decidedAt() < 0) {
            throw new Problem(409, "this proposal is " + view.status() + " and not decided; ask again when it is");
        }
    }

    /** Whether the process answers; nothing else, so that who restarts what is dead does not restart what only waits. */
    Reply live(Call call) throws Problem {
        only(call, GET);
        return json.reply(Map.of("live", true));
    }

    /** Whether the process answers, and whether the node can do all its work; if not, what it lacks. */
    Reply ready(Call call) throws Problem {
        only(call, GET);
        List<String> lacks = lacks();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("live", true);
        view.put("ready", lacks.isEmpty());
        view.put("missing", lacks);
        return new Reply(lacks.isEmpty() ? 200 : 503, Reply.JSON, new Reply.Bytes(json.bytes(view)), Map.of());
    }

    private List<String> lacks() {
        List<String> lacks = new ArrayList<>();
        try {
            assembly.daos();
            Assembly.Status status = assembly.status();
            if (status.protocol().isEmpty()) {
                lacks.add("no sealing protocol is installed; start bundle org.althing.notary");
            }
            if (status.methods().isEmpty()) {
                lacks.add("no voting method is installed; start bundles org.althing.tally and org.althing.methods");
            }
        } catch (AlthingException e) {
            lacks.add(String.valueOf(e.getMessage()));
        }
        return lacks;
    }

    /** Whether a call founds a DAO: a node has places for few, and they are not given back. */
    static boolean founds(Call call) {
        return call.method().equals(POST) && call.path().equals(ROOT + "/daos");
    }
}
