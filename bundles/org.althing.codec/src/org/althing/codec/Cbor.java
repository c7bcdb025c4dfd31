// SPDX-License-Identifier: EPL-2.0
package org.althing.codec;

import java.util.Arrays;

/**
 * What the writer and the reader of DAG-CBOR must agree on.
 *
 * @see <a href="https://ipld.io/specs/codecs/dag-cbor/spec/">DAG-CBOR specification</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8949">RFC 8949</a>
 */
final class Cbor {

    /** Lists and maps nest at most this deep; a lone scalar has depth 0. */
    static final int DEPTH_MAX = 32;

    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int LIST = 4;
    static final int MAP = 5;
    static final int TAG = 6;

    static final int FALSE = 0xf4;
    static final int TRUE = 0xf5;
    static final int NULL = 0xf6;

    static final int CID_TAG = 42;

    /** The multibase prefix of a binary CID in tag 42: "identity", kept by DAG-CBOR for historical reasons. */
    static final byte CID_PREFIX = 0;

    private Cbor() {}

    /** The order of map keys: shorter first, then by unsigned bytes. */
    static int compareKeys(byte[] a, int aFrom, int aLength, byte[] b, int bFrom, int bLength) {
        return aLength != bLength
                ? Integer.compare(aLength, bLength)
                : Arrays.compareUnsigned(a, aFrom, aFrom + aLength, b, bFrom, bFrom + bLength);
    }
}
