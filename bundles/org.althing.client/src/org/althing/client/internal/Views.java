// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** How views cross a wire: records by their names, what is absent is null. */
final class Views {

    private Views() {}

    /**
     * A mapper that takes what a newer node may tell beyond what this client knows.
     *
     * @param stringMaxChars longest string of an answer
     */
    static ObjectMapper mapper(int stringMaxChars) {
        StreamReadConstraints constraints =
                StreamReadConstraints.builder().maxStringLength(stringMaxChars).build();
        return new ObjectMapper(
                        JsonFactory.builder().streamReadConstraints(constraints).build())
                .registerModule(new Jdk8Module())
                .enable(DeserializationFeature.USE_LONG_FOR_INTS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }
}
