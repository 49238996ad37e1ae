package io.github.robotstream.simulation;

import io.github.robotstream.simulation.TopicModel.Publication;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A text that a client was sent, or a binary message without its first four bytes, where the value is text as well; and when it was handed to the connection. */
final class Frame {
    private static final String MESSAGE = "{\"action\":\"publish\",\"topic\":\"";
    private static final String INT = "\"type\":\"int\",\"data\":";
    private static final String VALUE = ",\"data\":[";
    private static final String BYTES = "\"type\":\"image/jpeg\",\"data\":\"";
    /** Of base64, in which a short number stands surely. */
    private static final int FIRST_CHARACTERS = 16;

    final String text;
    final Moment handedOver;

    private final int length;

    Frame(String text, int length, Moment handedOver) {
        this.text = text;
        this.length = length;
        this.handedOver = handedOver;
    }

    /** How a message begins, up to its value. */
    static String message(String topic, String value) {
        return MESSAGE + topic + "\",\"data\":{\"name\":\"" + topic + "\",\"type\":\"any\",\"data\":" + value + "}";
    }

    /** The same of bytes, in base64. */
    static String bytes(String topic, String value) {
        String base64 = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        return MESSAGE + topic + "\",\"data\":{\"name\":\"" + topic + "\"," + BYTES + base64 + "\"}";
    }

    int length() {
        return length;
    }

    boolean isMessage() {
        return text.startsWith(MESSAGE);
    }

    String topic() {
        return text.substring(MESSAGE.length(), text.indexOf('"', MESSAGE.length()));
    }

    /** The first number of a message's value, by which it is known. */
    int number() {
        int bytes = text.indexOf(BYTES);
        int from = text.indexOf(VALUE) + VALUE.length();
        String value = bytes < 0
                ? text.substring(from)
                : decoded(bytes + BYTES.length()).substring(1);
        return Integer.parseInt(value.substring(0, value.indexOf(',')));
    }

    private String decoded(int from) {
        String first = text.substring(from, Math.min(from + FIRST_CHARACTERS, text.indexOf('"', from)));
        return new String(Base64.getDecoder().decode(first), StandardCharsets.UTF_8);
    }

    /** The value of a message of the type {@code int}. */
    long intValue() {
        int from = text.indexOf(INT) + INT.length();
        return Long.parseLong(text.substring(from, text.indexOf('}', from)));
    }

    /** What stands behind the message that was published. */
    Note note(Publication publication) {
        return new Note(text.substring(publication.frame.length()));
    }

    /** The first member of a reply with that name; empty if it has none. */
    String member(String name) {
        return member(text, name);
    }

    private static String member(String text, String name) {
        String key = "\"" + name + "\":";
        int at = text.indexOf(key);
        if (at < 0) {
            return "";
        }
        int from = at + key.length();
        int to = text.charAt(from) == '"' ? text.indexOf('"', from + 1) + 1 : from;
        while (to < text.length() && ",}".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        return text.substring(from, to);
    }

    /** What a client is told beside a message. */
    static final class Note {
        private final String text;

        private Note(String text) {
            this.text = text;
        }

        /** The name of the subscription; empty if it has none. */
        String sub() {
            return member(text, "sub").replace("\"", "");
        }

        boolean hasMeta() {
            return !member(text, "seq").isEmpty();
        }

        String epoch() {
            return member(text, "epoch");
        }

        String from() {
            return member(text, "from");
        }

        boolean isRetained() {
            return member(text, "retained").equals("true");
        }

        long number(String name) {
            return Long.parseLong(member(text, name));
        }
    }

    @Override
    public String toString() {
        return text.replaceAll("x{9,}", "…");
    }
}
