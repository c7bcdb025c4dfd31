// SPDX-License-Identifier: EPL-2.0
package org.althing.gossip.internal.sync.negentropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.althing.codec.MalformedException;

class HostileMessageTest {

    private static final String FINGERPRINT = "ee".repeat(16);

    private final ItemTree set = new ItemTree();

    HostileMessageTest() {
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            set.add(Sets.any(random, 100));
        }
    }

    @Example
    void whatIsNoMessageIsRefused() {
        refused("", "ends too soon");
        refused("ff", "not a message of Negentropy");
        refused("61" + "0000", "ends too soon");
        refused("61" + "0000" + "03", "unknown mode 3");
        refused("61" + "0000" + "01" + "ee", "ends too soon");
        refused("61" + "0000" + "8002", "could be shorter");
        refused("61" + "83ffffffffffffffff7f" + "00" + "00", "beyond 64 bits");
        refused("61" + "81ffffffffffffffff7f" + "00" + "00" + "02" + "00" + "00", "a time beyond 64 bits");
        refused("61" + "01" + "21" + "00".repeat(33) + "00", "a prefix of 33 bytes");
        refused("61" + "0000" + "00" + "0000" + "00", "beyond infinity");
        refused("61" + "0501" + "09" + "00" + "0101" + "08" + "00", "ends before it begins");
        refused("61" + "0000" + "02" + "02" + "00".repeat(32), "more ids than the message has");
        refused("61" + "0000" + "02" + "81ffffffffffffffff7f" + "00".repeat(32), "more ids than the message has");
    }

    @Example
    void aMessageBeyondTheLimitsIsRefused() {
        byte[] large = new byte[Parameters.FRAME_SIZE_LIMIT_BYTES + 1];
        large[0] = 0x61;
        assertThatThrownBy(() -> responder().answer(large)).isInstanceOf(MalformedException.class);
        String many = "61" + "020000".repeat(Exchange.RANGES_MAX + 1);
        refused(many, "more than " + Exchange.RANGES_MAX + " ranges");
    }

    @Example
    void aFullMessageOfFingerprintsIsAnsweredWithinTheFrame() {
        StringBuilder many = new StringBuilder("61");
        for (int i = 0; i < 3_000; i++) {
            many.append("02" + "00" + "01" + FINGERPRINT);
        }
        byte[] answer = responder().answer(HexFormat.of().parseHex(many));
        assertThat(answer.length).isLessThanOrEqualTo(Parameters.USUAL.frameSizeMaxBytes());
    }

    @Property(tries = 3_000)
    void noBytesMakeEitherSideFailOtherwise(@ForAll byte[] bytes, @ForAll boolean versioned) {
        byte[] message = bytes.clone();
        if (versioned && message.length > 0) {
            message[0] = 0x61;
        }
        Initiator initiator = new Initiator(set, Parameters.USUAL, new Sets.Heard());
        initiator.begin();
        survives(() -> responder().answer(message));
        survives(() -> initiator.next(message));
    }

    @Property(tries = 500)
    void noChangedMessageMakesEitherSideFailOtherwise(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] message = new Initiator(set, Parameters.USUAL, new Sets.Heard()).begin();
        message[random.nextInt(message.length)] = (byte) random.nextInt();
        Initiator initiator = new Initiator(set, Parameters.USUAL, new Sets.Heard());
        initiator.begin();
        survives(() -> responder().answer(message));
        survives(() -> initiator.next(message));
    }

    private static void survives(Runnable task) {
        try {
            task.run();
        } catch (MalformedException e) {
            assertThat(e.reason()).isNotBlank();
        }
    }

    private void refused(String message, String reason) {
        assertThatThrownBy(() -> responder().answer(HexFormat.of().parseHex(message)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(reason);
    }

    private Responder responder() {
        return new Responder(set, Parameters.USUAL);
    }
}
