// SPDX-License-Identifier: EPL-2.0
package org.althing.api.node;

/**
 * The wire between a node and its clients on the same machine: JSON-RPC 2.0 over a Unix domain socket of mode 0600, one JSON object in one
 * line of UTF-8. Methods are those of {@link org.althing.api.assembly.Assembly} and, as {@code plugins}, {@code plugins.inspect} and so on, of
 * {@link Plugins}; parameters go by position, byte arrays are base64, absent
 * values are null. Requests of one connection are answered in order; batches and notifications are not known.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</a>
 */
public final class LocalDoor {

    /** The socket in the data folder. */
    public static final String SOCKET_FILE = "node.sock";
    /** Where a path is too long for a socket, this file of the data folder holds that of the socket instead. */
    public static final String SOCKET_PATH_FILE = "node.sock.path";
    /** Longest path of a socket, in bytes: what the kernel's {@code sun_path} holds beside its NUL. */
    public static final int SOCKET_PATH_MAX_BYTES = 107;

    /** Longest line, in bytes, its end not counted. */
    public static final int LINE_MAX_BYTES = 16 * 1024 * 1024;
    /** Connections at one time; more are closed at once. */
    public static final int CONNECTIONS_MAX = 64;
    /** The node closes a connection whose request it could not answer by then; longer than the longest wait for a seal. */
    public static final long REQUEST_TIMEOUT_MILLIS = 120_000;

    /** The line is no JSON. */
    public static final int CODE_NO_JSON = -32700;
    /** The line is JSON, but no request. */
    public static final int CODE_NO_REQUEST = -32600;
    /** There is no such method. */
    public static final int CODE_NO_METHOD = -32601;
    /** The parameters do not fit the method. */
    public static final int CODE_PARAMETERS = -32602;
    /** The node is at fault. */
    public static final int CODE_BUG = -32603;
    /** A {@link org.althing.api.assembly.RefusedException}. */
    public static final int CODE_REFUSED = 1;
    /** An {@link org.althing.api.AlthingException}. */
    public static final int CODE_ENVIRONMENT = 2;

    private LocalDoor() {}
}
