// SPDX-License-Identifier: EPL-2.0
package org.althing.tally.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.althing.api.tally.BallotFiles;
import org.osgi.service.component.annotations.Component;

/** Recognises a format by the first lines of a file; the file's name says nothing. */
@Component(service = BallotFiles.class)
public final class ContentBallotFiles implements BallotFiles {

    /** Bytes looked at to recognise a format. */
    private static final int HEAD_BYTES = 1 << 16;

    /** The most distinctive first: what looks like a table may be anything. */
    private static final List<BallotFormat> FORMATS = List.of(
            new SnapshotFormat(),
            new PabulibFormat(),
            new AbcVotingFormat(),
            new DevoteeFormat(),
            new PrefLibFormat(),
            new CondorcetElectionFormat(),
            new BltFormat(),
            new CsvFormat());

    @Override
    public BallotFile read(Path file) throws IOException, UnreadableException {
        BallotFormat format = recognise(head(file));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), HEAD_BYTES)) {
            return format.read(in);
        }
    }

    private static List<String> head(Path file) throws IOException, UnreadableException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD_BYTES);
        }
        for (byte b : head) {
            if (b == 0) {
                throw new UnreadableException("this is no text file; ballot files are UTF-8 text");
            }
        }
        // Only to recognise: bytes that are no UTF-8 become question marks here and are told when the file is read.
        String text = new String(head, StandardCharsets.UTF_8).replace("\uFEFF", "");
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.isEmpty()) {
            throw new UnreadableException("the file is empty; it holds no ballots");
        }
        return lines;
    }

    private static BallotFormat recognise(List<String> head) throws UnreadableException {
        return FORMATS.stream()
                .filter(format -> format.recognises(head))
                .findFirst()
                .orElseThrow(
                        () -> new UnreadableException(
                                "the format is not known; known are BLT, PrefLib, Condorcet Election Format, "
                                        + "Pabulib, abcvoting, Snapshot JSON, Debian tally sheets, and CSV with a header of option names"));
    }
}
