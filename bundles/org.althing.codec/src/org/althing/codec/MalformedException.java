// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

/**
 * Bytes that break their format, with the place and the reason.
 *
 * <p>Unchecked, so that decoders compose; without a stack trace, so that a peer who sends bad bytes costs no more than
 * one who sends good ones. Whoever takes bytes from outside catches it at that boundary and turns it into a refusal.
 */
public final class MalformedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String reason;

    /**
     * @param offset of the offending byte, counted from the start of the input
     * @param reason what is wrong there, for a person
     */
    public MalformedException(long offset, String reason) {
        super("byte " + offset + ": " + reason, null, false, false);
        this.offset = offset;
        this.reason = reason;
    }

    /** The offset of the offending byte, counted from the start of the input. */
    public long offset() {
        return offset;
    }

    /** What is wrong there, without the offset. */
    public String reason() {
        return reason;
    }
}
