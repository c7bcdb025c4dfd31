// SPDX-License-Identifier: EPL-2.0
package org.althing.cli.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** How this process logs, on standard error. What it logs with is {@code java.util.logging}, which belongs to the process. */
final class LogOutput {

    /** Of a message or a stack trace in JSON; the rest is cut off. */
    static final int TEXT_MAX_CHARS = 32 << 10;

    private static final String OURS = "org.althing";

    /** Held, since the log manager lets go of loggers that nobody holds, and of their levels. */
    private final Logger root;

    private final Logger ours;

    LogOutput(Logger root, Logger ours) {
        this.root = root;
        this.ours = ours;
    }

    static LogOutput ofProcess() {
        return new LogOutput(Logger.getLogger(""), Logger.getLogger(OURS));
    }

    enum Format {
        TEXT,
        JSON
    }

    /** The least that is logged. */
    enum Least {
        ERROR(Level.SEVERE),
        WARNING(Level.WARNING),
        INFO(Level.INFO),
        DEBUG(Level.FINE);

        private final Level level;

        Least(Level level) {
            this.level = level;
        }
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    void set(Format format, Least least) {
        if (least == Least.DEBUG) {
            ours.setLevel(Level.FINE); // others tell more than anybody wants to read
        }
        for (Handler handler : root.getHandlers()) {
            if (handler instanceof ConsoleHandler) {
                handler.setLevel(least.level);
                if (format == Format.JSON) {
                    handler.setFormatter(new JsonLines());
                }
            }
        }
    }

    /** One JSON object a line. */
    static final class JsonLines extends Formatter {

        @Override
        public String format(LogRecord record) {
            ObjectNode line = Json.object()
                    .put("time", record.getInstant().toString())
                    .put("level", level(record.getLevel()))
                    .put("logger", record.getLoggerName())
                    .put("message", bounded(formatMessage(record)))
                    .put("thread", thread(record));
            Throwable thrown = record.getThrown();
            if (thrown != null) {
                StringWriter trace = new StringWriter();
                thrown.printStackTrace(new PrintWriter(trace));
                line.put("exception", bounded(trace.toString()));
            }
            return line + "\n";
        }

        private static String level(Level level) {
            for (Least least : Least.values()) {
                if (level.intValue() >= least.level.intValue()) {
                    return word(least);
                }
            }
            return word(Least.DEBUG);
        }

        /** The handler runs on the thread that logs. */
        private static String thread(LogRecord record) {
            Thread current = Thread.currentThread();
            return record.getLongThreadID() == current.threadId()
                    ? current.getName()
                    : Long.toString(record.getLongThreadID());
        }

        private static String bounded(String text) {
            return text.length() <= TEXT_MAX_CHARS ? text : text.substring(0, TEXT_MAX_CHARS) + "...";
        }
    }
}
