// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.althing.api.node.HttpSettings;

/** What may be set for a node: by an option, else by an environment variable, else in its file, else as here. */
enum Setting {
    HTTP(
            "http",
            HttpSettings.HOST_DEFAULT + ":" + HttpSettings.PORT_DEFAULT,
            "Where to serve the page and the API, HOST:PORT; none: nowhere.",
            "Beyond 127.0.0.1, set a certificate, or put a proxy with TLS before it."),
    HTTP_NAMES(
            "http-names",
            "",
            "Further names that clients call this node by, e.g. behind a proxy, with commas between:",
            "dao.example.org, ferry.example.org. Requests that name another host are refused."),
    HTTP_RATE(
            "http-rate",
            Integer.toString(HttpSettings.REQUESTS_PER_SECOND_DEFAULT),
            "Requests per second that one address may make in the long run."),
    HTTP_TLS_CERTIFICATE(
            "http-tls-certificate",
            "",
            "PEM file of a certificate and after it those of its issuers, e.g. certbot's fullchain.pem: HTTPS is",
            "spoken then, and nothing else. Renewed files are taken without a restart."),
    HTTP_TLS_KEY(
            "http-tls-key",
            "",
            "PEM file (PKCS#8) of the key that belongs to it, e.g. certbot's privkey.pem; mode 600."),
    LISTEN(
            "listen",
            "none",
            "Where to take connections of other nodes: multiaddrs with commas between, such as",
            "/ip4/0.0.0.0/tcp/4001, /ip6/::/tcp/4001. none: nowhere, and no network at all unless bootstrap is set."),
    ANNOUNCE(
            "announce",
            "",
            "Multiaddrs to tell others in place of those, for a node behind a router, with commas between."),
    BOOTSTRAP(
            "bootstrap",
            "",
            "Nodes to be connected with always: multiaddrs with /p2p/ and the peer id at the end, with commas between."),
    MDNS(
            "mdns",
            "off",
            "on: look for nodes in the local network, by multicast DNS, and tell it of this one; needs listen."),
    RENDEZVOUS(
            "rendezvous",
            "off",
            "on: keep a list of who serves which DAO, for those who have this node as bootstrap; needs listen."),
    RANGES_UNBOUNDED(
            "ranges-unbounded",
            "",
            "Networks that many nodes may connect from, with commas between, such as 10.0.0.0/8: your own. Of any",
            "other at most 16 connections are taken, so that no stranger can take all."),
    LOG_FORMAT("log-format", "text", "The log, on standard error: text for people, json for one JSON object a line."),
    LOG_LEVEL("log-level", "warning", "The least that is logged: error, warning, info or debug.");

    private static final String VARIABLE_PREFIX = "ALTHING_";

    private final String key;
    private final String standard;
    private final List<String> comment;

    Setting(String key, String standard, String... comment) {
        this.key = key;
        this.standard = standard;
        this.comment = List.of(comment);
    }

    /** @param where names the place in messages */
    record Value(String text, String where) {

        Failure wrong(String reason) {
            return Failure.usage(where + ": " + Words.clean(text) + " " + reason);
        }
    }

    String key() {
        return key;
    }

    /** The environment variable. */
    String variable() {
        return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    Value standard() {
        return new Value(standard, "the default of " + key);
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    static String keys() {
        return Arrays.stream(values()).map(Setting::key).collect(Collectors.joining(", "));
    }

    /** A file that changes nothing, and explains how. */
    static String template() {
        StringBuilder text = new StringBuilder("""
                # Settings of an Althing node, one KEY = VALUE a line. It lies in the data folder as althing.conf, or
                # anywhere with `althing node --config FILE`. An option of the command line goes before an environment
                # variable, that before this file. What follows # is what holds without.
                """);
        for (Setting setting : values()) {
            text.append('\n');
            setting.comment.forEach(line -> text.append("# ").append(line).append('\n'));
            text.append("# Environment: ").append(setting.variable()).append('\n');
            text.append(("# " + setting.key + " = " + setting.standard).strip()).append('\n');
        }
        return text.toString();
    }
}
