package io.github.robotstream.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Short ways from test texts to scans and bytes. */
public final class Texts {
    private Texts() {}

    public static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    public static JsonScan scan(String text) throws JsonException {
        return scan(utf8(text));
    }

    public static JsonScan scan(byte[] text) throws JsonException {
        JsonScan scan = new JsonScan();
        scan.read(text, 0, text.length);
        return scan;
    }

    /** Bytes from numbers up to 0xFF and ASCII characters. */
    public static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** A JSON string around these bytes. */
    public static byte[] quoted(int... values) {
        byte[] bytes = new byte[values.length + 2];
        System.arraycopy(bytes(values), 0, bytes, 1, values.length);
        bytes[0] = '"';
        bytes[bytes.length - 1] = '"';
        return bytes;
    }

    public static String nested(int depth, String innermost) {
        return "[".repeat(depth) + innermost + "]".repeat(depth);
    }
}
