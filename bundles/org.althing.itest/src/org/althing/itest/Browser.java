// SPDX-License-Identifier: EPL-2.0
package org.althing.itest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A headless Chromium in a process of its own, see releng/npm/browser.mjs. */
final class Browser implements AutoCloseable {

    private static final int CLOSE_WAIT_MAX_SECONDS = 20;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Process process;
    private final Writer out;
    private final BufferedReader in;

    Browser() throws IOException {
        process = new ProcessBuilder("node", "browser.mjs")
                .directory(Path.of(System.getProperty("althing.npm")).toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.outputWriter(StandardCharsets.UTF_8);
        in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @param fields names and values by turns; values are text or numbers */
    private JsonNode run(String command, Object... fields) throws IOException {
        ObjectNode line = mapper.createObjectNode().put("do", command);
        for (int i = 0; i < fields.length; i += 2) {
            line.set((String) fields[i], mapper.valueToTree(fields[i + 1]));
        }
        out.write(line + "\n");
        out.flush();
        String answer = in.readLine();
        if (answer == null) {
            throw new IOException("the browser has ended");
        }
        JsonNode read = mapper.readTree(answer);
        if (read.has("error")) {
            throw new AssertionError(line + ": " + read.get("error").asText());
        }
        return read.get("value");
    }

    void open(URI url) throws IOException {
        run("open", "url", url.toString());
    }

    void view(int width, int height, String scheme) throws IOException {
        run("view", "width", width, "height", height, "scheme", scheme);
    }

    /** Waits until the first match holds the text; how many milliseconds that took. */
    int await(String selector, String text, int timeoutMillis) throws IOException {
        return run("await", "selector", selector, "text", text, "timeoutMillis", timeoutMillis)
                .asInt();
    }

    List<String> text(String selector) throws IOException {
        return texts(run("text", "selector", selector));
    }

    List<String> attribute(String selector, String name) throws IOException {
        return texts(run("attribute", "selector", selector, "name", name));
    }

    /** Addresses that were asked for since the last call. */
    List<String> requests() throws IOException {
        return texts(run("requests"));
    }

    String style(String selector, String property) throws IOException {
        return run("style", "selector", selector, "property", property).asText();
    }

    void click(String selector) throws IOException {
        run("click", "selector", selector);
    }

    void type(String selector, String text) throws IOException {
        run("type", "selector", selector, "text", text);
    }

    void press(String key) throws IOException {
        run("press", "key", key);
    }

    /** What has the focus, as {@code TAG#id "text"}. */
    String focused() throws IOException {
        return run("focused").asText();
    }

    void download(String selector, Path file) throws IOException {
        run("download", "selector", selector, "file", file.toString());
    }

    /** What axe-core finds serious or critical. */
    List<String> axe() throws IOException {
        return texts(run("axe"));
    }

    /** Errors on the console, and dialogs, since the last call. */
    List<String> complaints() throws IOException {
        return texts(run("console"));
    }

    void shot(Path file) throws IOException {
        run("shot", "file", file.toString());
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Override
    public void close() throws IOException {
        out.close();
        try {
            if (!process.waitFor(CLOSE_WAIT_MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
