// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import org.althing.api.assembly.Assembly;
import org.althing.api.node.HttpApi;

/** What bounds an HTTP door; each with its unit in its name. */
final class HttpLimits {

    // Connections.

    /** Open connections; one more is closed at once. */
    static final int CONNECTIONS_MAX = 1024;
    /** Of these, from one address; a proxy is one address too. */
    static final int CONNECTIONS_PER_ADDRESS_MAX = 512;
    /** Connections that the system keeps until they are accepted. */
    static final int BACKLOG_CONNECTIONS = 256;
    /** Threads that take requests in; each is answered by a virtual thread of its own. */
    static final int THREADS_MAX = 12;
    /** A connection on which nothing moves is closed. */
    static final long IDLE_TIMEOUT_MILLIS = 30_000;
    /** From the opening of a connection to the end of the TLS handshake. */
    static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;
    /** From the first byte of a request to the end of its header. */
    static final long HEADER_TIMEOUT_MILLIS = 10_000;
    /** From the end of its header to the end of the answer, streams of events excepted; longer than the longest wait for a seal. */
    static final long REQUEST_TIMEOUT_MILLIS = Assembly.WAIT_MAX_MILLIS + 60_000;
    /** From the end of the header to the end of the body. */
    static final long BODY_TIMEOUT_MILLIS = 20_000;
    /** How often connections are looked at. */
    static final long WATCH_INTERVAL_MILLIS = 500;
    /** How long a door waits for requests in progress when it closes. */
    static final long STOP_TIMEOUT_MILLIS = 2_000;

    // TLS.

    /** A file with a key, or with a certificate and its issuers. */
    static final int PEM_SIZE_MAX_BYTES = 256 * 1024;
    /** For how long browsers come back by HTTPS only. */
    static final long HTTPS_ONLY_SECONDS = 365L * 24 * 60 * 60;

    // Requests.

    /** Request line and header fields. */
    static final int HEADER_SIZE_MAX_BYTES = 8 * 1024;
    /** Header of an answer. */
    static final int ANSWER_HEADER_SIZE_MAX_BYTES = 4 * 1024;
    /** Body of a request. */
    static final int BODY_SIZE_MAX_BYTES = HttpApi.BODY_SIZE_MAX_BYTES;
    /** Bodies that are coming in or being worked on, all together. */
    static final int BODIES_SIZE_MAX_BYTES = 64 * 1024 * 1024;
    /** Answers that are being sent, all together; also the largest one. */
    static final int ANSWERS_SIZE_MAX_BYTES = 128 * 1024 * 1024;
    /** Evidence files that are being sent. */
    static final int DOWNLOADS_MAX = 32;
    /** Entries of one request. */
    static final int ENTRIES_MAX = HttpApi.ENTRIES_MAX;
    /** Nesting of JSON that comes in. */
    static final int JSON_DEPTH_MAX = 8;
    /** One parameter of a query. */
    static final int PARAMETER_MAX_CHARS = 256;
    /** Answers that are kept until the next seal. */
    static final int KEPT_ANSWERS_MAX = 64;
    /** One of them. */
    static final int KEPT_ANSWER_SIZE_MAX_BYTES = 128 * 1024;
    /** For how long, without a seal. */
    static final long KEPT_MAX_NANOS = 1_000_000_000;
    /** Rows of a list unless the request says otherwise. */
    static final int ROWS_DEFAULT = 50;
    /** Rows of one list. */
    static final int ROWS_MAX = Assembly.PAGE_MAX_ROWS;
    /** Proposals looked through by one search. */
    static final int SEARCH_ROWS_MAX = 10_000;
    /** Evidence files that are written at one time. */
    static final int EXPORTS_MAX = 2;

    // Texts in CommonMark; what goes beyond is shown as it was typed.

    /** Steps of the parser for all texts of one answer: about 60 ms. A text of 64 KiB with a heading or a list now and then takes 2^24. */
    static final long TEXT_STEPS_MAX = 1L << 27;
    /** Quotes and lists in each other. */
    static final int TEXT_BLOCKS_MAX = 32;
    /** Nesting, of whatever kind. */
    static final int TEXT_DEPTH_MAX = 100;
    /** Addresses and titles of all links in a text. */
    static final int TEXT_ADDRESSES_MAX_CHARS = 256 * 1024;

    // Rates.

    /** Seconds of the rate of requests that one address may use at once. */
    static final int BURST_SECONDS = 2;
    /** A request that comes too early waits so long at most; beyond that it is refused. */
    static final long RATE_PAUSE_MAX_MILLIS = 200;
    /** Wrong tokens of one address that may come at once; a right one costs nothing. */
    static final int BURST_WRONG_TOKENS = 10;
    /** Wrong tokens of one address in the long run. */
    static final int RATE_WRONG_TOKENS_PER_SECOND = 1;
    /** Addresses whose rate is remembered; with more, the one that was silent longest is forgotten. */
    static final int ADDRESSES_MAX = 4_096;

    // Events.

    /** Events that are kept for those who come back. */
    static final int EVENTS_KEPT_MAX = 4_096;
    /** Events that are taken from there and sent at once; what a stream has in memory. */
    static final int EVENTS_AT_ONCE_MAX = 64;
    /** Streams of events at one time. */
    static final int STREAMS_MAX = 256;
    /** A stream on which nothing happens says that it lives. */
    static final long HEARTBEAT_INTERVAL_MILLIS = 10_000;
    /** A reader who does not take an event for so long is cut off. */
    static final long STREAM_WRITE_TIMEOUT_MILLIS = 10_000;
    /** What browsers wait before they come back. */
    static final long STREAM_RETRY_MILLIS = 1_000;

    private HttpLimits() {}
}
