// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.althing.api.Cid;
import org.althing.testkit.governance.TestDao;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens, told as it happens. */
@Timeout(120)
class WebEventsTest {

    private static final String EVENTS = "/api/v1/events";
    private static final Map<String, String> SCHEMAS =
            Map.of("seal", "SealEvent", "proposal", "ProposalEvent", "entry", "EntryEvent", "sync", "SyncEvent");
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(1);

    @TempDir
    Path data;

    private record Event(String id, String type, String data) {}

    /** A stream, read an event at a time. */
    private record Stream(HttpResponse<InputStream> response, BufferedReader lines) implements AutoCloseable {

        static Stream of(Web web, String path, String... headers) throws Exception {
            HttpResponse<InputStream> response = web.stream(path, headers);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            return new Stream(
                    response, new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
        }

        Event next() throws IOException {
            String id = "";
            String type = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !data.isEmpty()) {
                    return new Event(id, type, data);
                }
            }
            throw new AssertionError("the stream has ended");
        }

        Event next(String type) throws IOException {
            Event event = next();
            while (!event.type().equals(type)) {
                event = next();
            }
            return event;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    @Test
    void aSealedBallotIsToldWithinASecondAndAsDescribed() throws Exception {
        try (Community community = Community.founded(data, 3);
                Web web = Web.of(community)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            try (Stream stream = Stream.of(web, EVENTS)) {
                long beganNanos = System.nanoTime();
                community.say(community.device(0), TestDao.ballot(proposal, 0, 1));
                List<Event> told = new ArrayList<>();
                do {
                    told.add(stream.next());
                } while (!told.getLast().type().equals("proposal"));
                assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(SHOWN_WITHIN);
                assertThat(told).extracting(Event::type).containsExactly("entry", "seal", "proposal");
                assertThat(told.getLast().data())
                        .contains("\"proposal\":\"" + proposal + "\"")
                        .contains("\"ballots\":1")
                        .contains("\"moved\":false");
                for (Event event : told) {
                    web.description.check(SCHEMAS.get(event.type()), event.data());
                }
                community.decided(proposal);
                assertThat(stream.next("proposal").data())
                        .contains("\"status\":\"closed\"")
                        .contains("\"moved\":true");
            }
        }
    }

    @Test
    void whoComesBackMissesNothing() throws Exception {
        try (Community community = Community.founded(data, 3);
                Web web = Web.of(community)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            Event last;
            try (Stream stream = Stream.of(web, EVENTS)) {
                community.say(community.device(0), TestDao.ballot(proposal, 0, 1));
                last = stream.next("proposal");
            }
            community.say(community.device(1), TestDao.ballot(proposal, 0, 1));
            try (Stream stream = Stream.of(web, EVENTS, "Last-Event-ID", last.id())) {
                assertThat(stream.next().type()).isEqualTo("entry");
                assertThat(stream.next().type()).isEqualTo("seal");
                assertThat(stream.next().data()).contains("\"ballots\":2");
            }
            try (Stream stream = Stream.of(web, EVENTS + "?lastEventId=" + last.id())) {
                assertThat(stream.next("proposal").data()).contains("\"ballots\":2");
            }
        }
    }

    @Test
    void whoIsCutOffBeforeAnythingHappensMissesNothingEither() throws Exception {
        try (Community community = Community.founded(data, 3);
                Web web = Web.of(community)) {
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            String id;
            try (Stream stream = Stream.of(web, EVENTS)) {
                assertThat(stream.lines().readLine()).startsWith("retry: ");
                id = stream.lines().readLine();
                assertThat(id).startsWith("id: ");
            }
            community.say(community.device(0), TestDao.ballot(proposal, 0, 1));
            try (Stream stream = Stream.of(web, EVENTS, "Last-Event-ID", id.substring(4))) {
                assertThat(stream.next().type()).isEqualTo("entry");
                assertThat(stream.next("proposal").data()).contains("\"ballots\":1");
            }
        }
    }

    @Test
    void aStreamOfOneProposalTellsNothingElse() throws Exception {
        try (Community community = Community.founded(data, 3);
                Web web = Web.of(community)) {
            Cid first = community.open(TestDao.question("single-choice", 1, "A", "B"));
            Cid second = community.open(TestDao.question("single-choice", 1, "C", "D"));
            assertThat(web.send("GET", EVENTS + "?proposal=bafyzzzzzzzz", BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(404);
            try (Stream stream = Stream.of(web, EVENTS + "?proposal=" + second)) {
                community.say(community.device(0), TestDao.ballot(first, 0, 1));
                community.say(community.device(0), TestDao.ballot(second, 0, 1));
                Event told = stream.next();
                assertThat(told.type()).isEqualTo("proposal");
                assertThat(told.data()).contains(second.toString());
            }
        }
    }

    @Test
    void whoseEventIsForgottenIsToldToReadAgain() throws Exception {
        try (Community community = Community.founded(data, 3);
                Web web = Web.of(community)) {
            for (String id : List.of("other-1", "x", "")) {
                try (Stream stream = Stream.of(web, EVENTS + "?lastEventId=" + id)) {
                    assertThat(stream.next().type()).as(id).isEqualTo("reset");
                }
            }
        }
    }

    @Test
    void aStreamOfOneDaoTellsNothingOfOthers() throws Exception {
        try (Community community = Community.founded(data, 3);
                Web web = Web.of(community)) {
            assertThat(web.send("GET", EVENTS + "?dao=bafyzzzzzzzz", BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(404);
            try (Stream own = Stream.of(web, EVENTS + "?dao=" + community.dao)) {
                byte[] charter = community.charter(
                        new org.althing.testkit.governance.TestRules()
                                .quotas(3, 3)
                                .build(),
                        Community.notary(community.node()));
                community.assembly().found(charter);
                community.open(TestDao.question("single-choice", 1, "A", "B"));
                Event first = own.next();
                assertThat(first.data()).contains("\"dao\":\"" + community.dao + "\"");
            }
        }
    }

    @Test
    void givenAReaderWhoTakesNothing_thenOthersAreToldAndTheNodeGoesOn() throws Exception {
        try (Community community = Community.founded(data, 3);
                Web web = Web.of(community);
                var deaf = web.connect();
                Stream stream = Stream.of(web, EVENTS)) {
            deaf.getOutputStream()
                    .write(("GET " + EVENTS + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            Cid proposal = community.open(TestDao.question("single-choice", 1, "A", "B"));
            community.say(community.device(0), TestDao.ballot(proposal, 0, 1));
            assertThat(stream.next("proposal").data()).contains(proposal.toString());
        }
    }
}
