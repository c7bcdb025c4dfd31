// SPDX-License-Identifier: EPL-2.0
package org.althing.client.internal;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** How views cross a wire: records by their names, what is absent is null. */
final class Views {

    private Views() {}

    /**
     * A mapper that takes what a newer node may tell beyond what this client knows, and refuses an answer that lacks what views promise.
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
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }
}
