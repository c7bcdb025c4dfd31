// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.althing.api.AlthingException;
import org.althing.api.assembly.RefusedException;
import org.althing.api.node.HttpSettings;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a door: serves with the files as they were when it opened, and with renewed ones from the next look on. Those that cannot be used are
 * a problem, and the last good ones stay. Safe for use by many threads.
 */
final class Tls {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private final HttpSettings.Tls files;
    private final LongSupplier millisClock;
    private final SslContextFactory.Server contexts = new SslContextFactory.Server();
    /** Of the files that are served. */
    private List<FileTime> times;

    private Identity identity;
    /** Why the renewed files are not served. */
    private @Nullable String refusal;

    private Tls(HttpSettings.Tls files, List<FileTime> times, Identity identity, LongSupplier millisClock) {
        this.files = files;
        this.times = times;
        this.identity = identity;
        this.millisClock = millisClock;
        contexts.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        contexts.setRenegotiationAllowed(false);
        give(contexts, identity);
    }

    /**
     * Reads the files.
     *
     * @throws RefusedException if they cannot be used
     * @throws AlthingException if they cannot be read
     */
    static Tls of(HttpSettings.Tls files, LongSupplier millisClock) throws RefusedException, AlthingException {
        List<FileTime> times = times(files);
        return new Tls(files, times, Identity.read(files), millisClock);
    }

    private static void give(SslContextFactory contexts, Identity identity) {
        contexts.setKeyStore(identity.store());
        contexts.setKeyStorePassword("");
    }

    /** TLS, and HTTP in it. Who speaks HTTP without TLS is told so in HTTP, before anything else is looked at. */
    ConnectionFactory[] protocols(HttpConfiguration configuration) {
        // By which name a client came is for Rules to judge.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        configuration.addCustomizer((request, answerHeaders) -> {
            if (!request.getConnectionMetaData().isSecure()) {
                throw new BadMessageException(
                        HttpStatus.BAD_REQUEST_400, "this door speaks HTTPS only; write https:// instead of http://");
            }
            return request;
        });
        SslConnectionFactory tls = new SslConnectionFactory(contexts, HttpVersion.HTTP_1_1.asString());
        return new ConnectionFactory[] {new DetectorConnectionFactory(tls), new HttpConnectionFactory(configuration)};
    }

    /** Takes renewed files. What is wrong with some is looked at again each time: both are seldom written in one moment. */
    synchronized void look() {
        List<FileTime> now = times(files);
        if (now.equals(times)) {
            refusal = null;
            return;
        }
        try {
            Identity renewed = Identity.read(files);
            contexts.reload(reloaded -> give(reloaded, renewed));
            identity = renewed;
            times = now;
            refusal = null;
            LOG.info("serving with the renewed certificate in {}", files.certificate());
        } catch (Exception e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(refusal)) {
                LOG.warn("the renewed certificate is not served: {}", reason);
            }
            refusal = reason;
        }
    }

    private static List<FileTime> times(HttpSettings.Tls files) {
        try {
            return List.of(Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
        } catch (IOException e) {
            return List.of(); // Reading them says why.
        }
    }

    /** What an operator should know, one line each. */
    synchronized List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (refusal != null) {
            problems.add("the renewed certificate is not served, but the one before: " + refusal);
        }
        Instant now = Instant.ofEpochMilli(millisClock.getAsLong());
        Instant begin = identity.certificate().getNotBefore().toInstant();
        Instant end = identity.certificate().getNotAfter().toInstant();
        if (now.isBefore(begin)) {
            problems.add("the certificate in " + files.certificate() + " is valid from " + begin
                    + " only, and browsers refuse it; is the clock right?");
        }
        if (now.isAfter(end)) {
            problems.add("the certificate in " + files.certificate() + " has expired at " + end
                    + ", and browsers refuse it; renew it, the node need not be restarted");
        }
        return problems;
    }
}
