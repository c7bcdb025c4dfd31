// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

/** What both ends of a node's HTTP interface must agree on; its OpenAPI document has the rest. */
public final class HttpApi {

    /** Path of version 1. */
    public static final String PATH = "/api/v1";
    /** Media type of a signed entry. */
    public static final String ENTRY_TYPE = "application/vnd.ipld.dag-cbor";
    /** Body of a request. */
    public static final int BODY_SIZE_MAX_BYTES = 4 * 1024 * 1024;
    /** Entries of one request. */
    public static final int ENTRIES_MAX = 1_000;

    // Beside an evidence file, in the header of the answer.

    /** Full CID of what it proves. */
    public static final String SUBJECT_HEADER = "Althing-Subject";
    /** CID of its DAO. */
    public static final String DAO_HEADER = "Althing-Dao";
    /** CID of the last seal in it. */
    public static final String HEAD_HEADER = "Althing-Head";

    private HttpApi() {}
}
