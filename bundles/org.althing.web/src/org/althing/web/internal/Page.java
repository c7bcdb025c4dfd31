// SPDX-License-Identifier: EPL-2.0
package org.althing.web.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.althing.api.Cid;
import org.osgi.framework.Bundle;

/**
 * The files of folder {@code page} of the bundle, read once. A path is looked up among their names and never touches a file system, so there
 * is nothing to climb out of.
 */
final class Page {

    private static final String FOLDER = "/page";
    private static final String INDEX = "/index.html";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "txt", "text/plain; charset=utf-8");

    private final Map<String, File> files;

    /**
     * @param tag of the content
     */
    record File(String type, byte[] bytes, String tag) {}

    Page(Map<String, File> files) {
        this.files = Map.copyOf(files);
    }

    /** What a bundle has, as far as its types are known. */
    static Page of(Bundle bundle) {
        Map<String, File> files = new HashMap<>();
        var entries = bundle.findEntries(FOLDER, "*", true);
        for (URL url : entries == null ? List.<URL>of() : Collections.list(entries)) {
            String path = url.getPath();
            String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
            if (type != null) {
                try (InputStream in = url.openStream()) {
                    files.put(path.substring(path.indexOf(FOLDER) + FOLDER.length()), file(type, in.readAllBytes()));
                } catch (IOException e) {
                    throw new IllegalStateException("a resource of the bundle can be read", e);
                }
            }
        }
        return new Page(files);
    }

    static File file(String type, byte[] bytes) {
        return new File(type, bytes, "\"" + Cid.hash(bytes) + "\"");
    }

    Reply answer(Call call) throws Problem {
        Api.only(call, "GET");
        File file = files.get(call.path().equals("/") ? INDEX : call.path());
        if (file == null) {
            throw Problem.notFound("there is nothing at this address");
        }
        Map<String, String> headers = Map.of("ETag", file.tag(), "Cache-Control", "no-cache");
        boolean known = call.header("If-None-Match")
                .filter(tags -> tags.equals("*") || tags.contains(file.tag()))
                .isPresent();
        return known
                ? new Reply(304, "", new Reply.Bytes(new byte[0]), headers)
                : new Reply(200, file.type(), new Reply.Bytes(file.bytes()), headers);
    }
}
