// SPDX-License-Identifier: EPL-2.0
package org.althing.bench.internal;

/** A Java program that does nothing; with an argument it says so and stays. */
final class Nothing {

    private Nothing() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            System.out.write('.');
            System.out.flush();
            System.in.read();
        }
    }
}
