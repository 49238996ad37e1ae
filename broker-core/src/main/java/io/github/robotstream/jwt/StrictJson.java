package io.github.robotstream.jwt;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.spi.TokenRejectedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one JSON object in strict UTF-8 without duplicate members (RFC 7515 section 4): no two readers see two different tokens
 * in it.
 */
final class StrictJson {
    private static final String FAULT = " is not one strict JSON object in UTF-8 without duplicate members";
    private static final int MAX_DEPTH = 32;

    private StrictJson() {}

    /** Reads one object; {@code part} names it in the refusal, which quotes nothing of it. */
    static JsonObject object(byte[] utf8, String part) throws TokenRejectedException {
        try {
            return read(utf8);
        } catch (IOException e) {
            throw Rejections.malformed("token's " + part + FAULT);
        }
    }

    /** Reads one object; what it throws quotes nothing of it. */
    static JsonObject read(byte[] utf8) throws IOException {
        JsonScan scan = new JsonScan();
        try {
            scan.read(utf8, 0, utf8.length, MAX_DEPTH);
        } catch (JsonException e) {
            throw new IOException("it" + FAULT); // the message names members
        }
        if (scan.kind(JsonScan.ROOT) != JsonKind.OBJECT) {
            throw new IOException("it" + FAULT);
        }
        // Gson alone would take more than is allowed.
        return JsonParser.parseString(new String(utf8, StandardCharsets.UTF_8)).getAsJsonObject();
    }
}
