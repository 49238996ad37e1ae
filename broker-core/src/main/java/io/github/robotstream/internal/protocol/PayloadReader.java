package io.github.robotstream.internal.protocol;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;

/**
 * Reads what a publish holds in {@code data}: the object, or a JSON string that holds such an object, as clients in the
 * field send it.
 */
final class PayloadReader {
    private static final String FORM = "{\"name\":string,\"type\":string,\"data\":any JSON}";

    private final RequestFields fields;
    private final JsonScan inner = new JsonScan();

    PayloadReader(RequestFields fields) {
        this.fields = fields;
    }

    RawPayload read(JsonScan scan, byte[] bytes) throws RequestRejectedException {
        int data = scan.member(ROOT, "data");
        if (data == ABSENT) {
            throw fields.badRequest("the request lacks \"data\"; add " + FORM);
        }
        return switch (scan.kind(data)) {
            case OBJECT -> payload(scan, data, bytes);
            case STRING -> heldBy(scan.text(data));
            default -> throw fields.badRequest("\"data\" is " + scan.kind(data).words() + "; it has to be " + FORM);
        };
    }

    /** It is to stand in the envelope of a frame, so it may nest one level less. */
    private RawPayload heldBy(String text) throws RequestRejectedException {
        byte[] bytes = text.getBytes(UTF_8);
        try {
            inner.read(bytes, 0, bytes.length, JsonScan.MAX_DEPTH - 1);
        } catch (JsonException e) {
            throw fields.badRequest("the string in \"data\" holds no JSON that the broker takes: " + e.getMessage());
        }
        if (inner.kind(ROOT) != JsonKind.OBJECT) {
            throw fields.badRequest(
                    "the string in \"data\" holds " + inner.kind(ROOT).words() + "; it has to hold " + FORM);
        }
        return payload(inner, ROOT, bytes);
    }

    private RawPayload payload(JsonScan scan, int object, byte[] bytes) throws RequestRejectedException {
        int name = required(scan, object, "name");
        int type = required(scan, object, "type");
        int value = required(scan, object, "data");
        requireText(scan, name, "name");
        requireText(scan, type, "type");
        return RawPayload.copyOf(scan, object, name, type, value, bytes);
    }

    private int required(JsonScan scan, int object, String key) throws RequestRejectedException {
        int member = scan.member(object, key);
        if (member == ABSENT) {
            throw fields.badRequest("\"data\" lacks its member \"" + key + "\"; it has to be " + FORM);
        }
        return member;
    }

    private void requireText(JsonScan scan, int member, String key) throws RequestRejectedException {
        if (scan.kind(member) != JsonKind.STRING) {
            throw fields.badRequest(
                    "\"" + key + "\" in \"data\" is " + scan.kind(member).words() + "; it has to be a string");
        }
    }
}
