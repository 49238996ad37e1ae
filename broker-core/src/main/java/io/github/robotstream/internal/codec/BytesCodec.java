package io.github.robotstream.internal.codec;

import io.github.robotstream.TopicCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Bytes as JSON, for those who are not sent them as they are: a string in base64 (RFC 4648 section 4). Stateless. */
public final class BytesCodec implements TopicCodec<ByteBuffer> {
    public static final BytesCodec INSTANCE = new BytesCodec();

    private BytesCodec() {}

    @Override
    public String encode(ByteBuffer value) {
        byte[] base64 = Base64.getEncoder().encode(value.duplicate()).array();
        return '"' + new String(base64, StandardCharsets.ISO_8859_1) + '"';
    }

    @Override
    public ByteBuffer decode(String json) throws IOException {
        String base64 = json.strip();
        if (base64.length() < 2 || base64.charAt(0) != '"' || !base64.endsWith("\"")) {
            throw new IOException("not a string of base64");
        }
        try {
            byte[] bytes = TextAdapters.base64(base64.substring(1, base64.length() - 1));
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        } catch (IllegalArgumentException e) {
            throw new IOException("not a string of base64: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "ByteBuffer";
    }
}
