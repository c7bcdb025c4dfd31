// SPDX-License-Identifier: EPL-2.0
package org.althing.api.bench;

import java.util.List;
import org.althing.api.AlthingException;

/** One measurement, against a baseline that is measured in the same run; an OSGi service. */
public interface Benchmark {

    /** What {@code althing bench} calls it: lower-case words joined by hyphens. */
    String name();

    /** What is measured, in one line. */
    String summary();

    /**
     * Measures; takes seconds to a few minutes and wants the machine for itself.
     *
     * @param progress takes one line for each step, for people who wait
     */
    List<Row> run(Progress progress) throws AlthingException;

    /** Hears what is being measured. */
    interface Progress {
        void step(String line);
    }

    /**
     * One figure.
     *
     * @param title the case, {@code case} in JSON
     * @param value what ours did, in {@code unit}
     * @param baseline what it is compared with
     * @param baselineValue what the baseline did, in {@code unit}
     * @param ratio how many times better than the baseline, whichever direction is better
     */
    record Row(String title, double value, String unit, String baseline, double baselineValue, double ratio) {

        /** A figure of which more is better. */
        public static Row more(String title, double value, String unit, String baseline, double baselineValue) {
            return new Row(title, value, unit, baseline, baselineValue, value / baselineValue);
        }

        /** A figure of which less is better. */
        public static Row less(String title, double value, String unit, String baseline, double baselineValue) {
            return new Row(title, value, unit, baseline, baselineValue, baselineValue / value);
        }
    }
}
