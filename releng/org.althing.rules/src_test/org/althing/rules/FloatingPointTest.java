package org.althing.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The search finds floating point wherever it can hide, and nothing else. */
class FloatingPointTest {

    @Test
    void integersAreFine() throws IOException {
        assertThat(uses(Integers.class)).isEmpty();
    }

    @Test
    void aFieldIsFound() throws IOException {
        assertThat(uses(Field.class)).anyMatch(u -> u.contains("share has the type D"));
    }

    @Test
    void aSignatureIsFound() throws IOException {
        assertThat(uses(Signature.class)).anyMatch(u -> u.contains("has the signature (Ljava/lang/Double;)V"));
    }

    @Test
    void arithmeticInsideAMethodIsFound() throws IOException {
        assertThat(uses(Arithmetic.class)).anyMatch(u -> u.contains("L2D")).anyMatch(u -> u.contains("DMUL"));
    }

    @Test
    void aCallIsFound() throws IOException {
        assertThat(uses(Call.class)).anyMatch(u -> u.contains("java/lang/Math.sqrt"));
    }

    @Test
    void anArrayIsFound() throws IOException {
        assertThat(uses(Array.class)).anyMatch(u -> u.contains("an array of floating point numbers"));
    }

    private static List<String> uses(Class<?> sample) throws IOException {
        try (var in = FloatingPointTest.class.getResourceAsStream(
                "/" + sample.getName().replace('.', '/') + ".class")) {
            return FloatingPoint.uses(in.readAllBytes());
        }
    }

    record Integers(long units, BigInteger power, int[] ranks) {
        long twice() {
            long sum = units;
            sum += units;
            return sum << 1;
        }
    }

    record Field(double share) {}

    static final class Signature {
        void weigh(Double share) {}
    }

    static final class Arithmetic {
        long half(long units) {
            return (long) (units * 0.5);
        }
    }

    static final class Call {
        int root(int n) {
            return (int) Math.sqrt(n);
        }
    }

    static final class Array {
        Object shares() {
            return new float[3];
        }
    }
}
