// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to sign with an identity, held by one command at a time. Two commands that asked for the next sequence number together would
 * sign it twice, and two entries with one number freeze the key.
 */
final class Turn implements AutoCloseable {

    private final FileChannel channel;

    private Turn(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits until no other command signs with this identity; each holds its turn until its node has answered.
     *
     * @param identity file of the identity
     */
    static Turn take(Path identity) throws IOException {
        Path file = identity.resolveSibling(Identities.name(identity) + ".lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            channel.lock();
            return new Turn(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
