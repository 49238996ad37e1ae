package io.github.robotstream.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts and WebSocket frames (RFC 6455 section 5) of the benchmark. */
final class Frames {
    private static final Pattern TOPIC = Pattern.compile("\"topic\":\"([^\"]*)\"");
    /** How a message ends: nineteen digits, the braces of value, data and frame. */
    private static final int END_BYTES = 3;

    private static final int DIGITS = 19;

    /** What a value adds to the nanoseconds, so that they have so many digits. */
    static final long TIME_ZERO = 1_000_000_000_000_000_000L;

    /** The topic of images. */
    static final String CAMERA = "camera";

    // First bytes of frames.
    static final byte TEXT = (byte) 0x81;
    static final byte BINARY = (byte) 0x82;
    static final byte PING = (byte) 0x89;

    private Frames() {}

    /** A value of that many characters that tells a time in nanoseconds. */
    static String value(int length, long nanos) {
        String end = "\",\"t\":" + (TIME_ZERO + nanos) + "}";
        return "{\"p\":\"" + "x".repeat(length - end.length() - 6) + end;
    }

    /** Bytes that tell a time as a message of text does, at their end. */
    static byte[] image(int length, long nanos) {
        byte[] image = new byte[length];
        byte[] end = (value(60, nanos) + "}}").getBytes(US_ASCII);
        System.arraycopy(end, 0, image, length - end.length, end.length);
        return image;
    }

    /** The time that a message tells. */
    static long nanosOf(ByteBuffer bytes, int end) {
        long nanos = 0;
        for (int i = end - END_BYTES - DIGITS + 1; i < end - END_BYTES; i++) {
            nanos = nanos * 10 + bytes.get(i) - '0';
        }
        return nanos;
    }

    static String text(String topic, String value) {
        return "{\"action\":\"publish\",\"topic\":\"" + topic
                + "\",\"data\":{\"name\":\"bench\",\"type\":\"Sample\",\"data\":" + value + "}}";
    }

    static String topicOf(String request) {
        Matcher topic = TOPIC.matcher(request);
        return topic.find() ? topic.group(1) : "";
    }

    static byte[] subscribe(String topic) {
        return masked(("{\"action\":\"subscribe\",\"topic\":\"" + topic + "\"}").getBytes(UTF_8), 1);
    }

    static byte[] subscribeToImages() {
        return masked(
                ("{\"action\":\"subscribe\",\"topic\":\"" + CAMERA + "\",\"options\":{\"binary\":true}}")
                        .getBytes(UTF_8),
                1);
    }

    static byte[] upgrade(int port) {
        return ("GET /wss HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(US_ASCII);
    }

    /** The answer to a ping with such a payload. */
    static ByteBuffer pong(ByteBuffer ping) {
        byte[] payload = new byte[ping.remaining()];
        ping.get(payload);
        return ByteBuffer.wrap(masked(payload, 10));
    }

    /** A frame of a client, masked with zeros. */
    static byte[] masked(byte[] payload, int opcode) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x80 | opcode);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        out.writeBytes(new byte[4]);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** What a server's frame begins with. */
    static byte[] head(byte first, int length) {
        ByteBuffer head = ByteBuffer.allocate(10).put(first);
        if (length < 126) {
            head.put((byte) length);
        } else if (length < 1 << 16) {
            head.put((byte) 126).putShort((short) length);
        } else {
            head.put((byte) 127).putLong(length);
        }
        return Arrays.copyOf(head.array(), head.position());
    }
}
