package io.github.robotstream.spi;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes entries to SLF4J, each as one line for people, {@code event: message [client=c-17 topic=pose dropped=42]}. Those of robot code
 * have a logger of their own, and end in {@code origin=robot run=4f9c21a7]}, whose number is another one in each process: so a line that
 * an appender has handed to the broker is known when it comes back, however late and whatever was written around it, and goes no
 * further. No other text is taken for one.
 *
 * <p>Texts may come from clients. So that no text can be read as a line or a particular of its own, a message that has one of
 * the characters {@code [ ] = " \} is quoted, and so are values, names and events with more than plain characters. Characters
 * that end or disturb a line (controls, format characters such as those that turn the writing direction, separators) are escaped.
 */
final class Slf4jLogSink implements LogSink {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@+-]+");
    private static final Pattern LIKE_PARTICULARS = Pattern.compile("[\\[\\]=\"\\\\]");

    /** One number for all sinks of the process, as an appender may hand the lines of one broker to another. */
    private static final String RUN =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    /** The last particulars of what robot code wrote. Within a quoted text they stand as they are. */
    private static final String OF_ROBOT = "origin=robot run=" + RUN + "]";

    private final Logger broker;
    private final Logger robot;

    Slf4jLogSink() {
        this(LoggerFactory.getLogger("io.github.robotstream"), LoggerFactory.getLogger("io.github.robotstream.robot"));
    }

    Slf4jLogSink(Logger broker, Logger robot) {
        this.broker = broker;
        this.robot = robot;
    }

    @Override
    public void write(LogEntry entry) {
        Level level = level(entry.level());
        Logger logger = entry.isFromRobot() ? robot : broker;
        if (logger.isEnabledForLevel(level)) {
            String line = text(entry);
            if (logger == broker || !comesBack(line)) {
                logger.atLevel(level).log(line);
            }
        }
    }

    /** Whether a line of robot code holds another one, beside its own mark at its end. */
    private static boolean comesBack(String line) {
        return line.indexOf(OF_ROBOT) < line.length() - OF_ROBOT.length();
    }

    private static Level level(LogEntry.Level level) {
        return switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }

    private static String text(LogEntry entry) {
        StringBuilder line = new StringBuilder(128);
        word(line, entry.event());
        message(line.append(": "), entry.message());
        int end = line.length();
        entry.client().ifPresent(client -> particular(line, "client", client));
        entry.subject().ifPresent(subject -> particular(line, "subject", subject));
        entry.topic().ifPresent(topic -> particular(line, "topic", topic));
        for (Map.Entry<String, Object> attribute : entry.attributes().entrySet()) {
            particular(line, attribute.getKey(), attribute.getValue().toString());
        }
        entry.detail().ifPresent(detail -> particular(line, "detail", detail));
        if (entry.isFromRobot()) {
            particular(line, "origin", "robot");
            particular(line, "run", RUN);
        }
        if (line.length() > end) {
            line.insert(end + 1, '[').append(']');
        }
        return line.toString();
    }

    private static void particular(StringBuilder line, String name, String value) {
        line.append(' ');
        word(line, name);
        line.append('=');
        word(line, value);
    }

    private static void message(StringBuilder line, String text) {
        if (LIKE_PARTICULARS.matcher(text).find()) {
            quote(line, text);
        } else {
            escape(line, text, false);
        }
    }

    private static void word(StringBuilder line, String text) {
        if (PLAIN.matcher(text).matches()) {
            line.append(text);
        } else {
            quote(line, text);
        }
    }

    private static void quote(StringBuilder line, String text) {
        line.append('"');
        escape(line, text, true);
        line.append('"');
    }

    private static void escape(StringBuilder line, String text, boolean quoted) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\n') {
                line.append("\\n");
            } else if (quoted && (c == '"' || c == '\\')) {
                line.append('\\').append((char) c);
            } else if (disturbs(c)) {
                line.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\U%08x" : "\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        }
    }

    private static boolean disturbs(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
