package io.github.robotstream.internal.foxglove;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.Permissions;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.protocol.ServiceNotice;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Services in Foxglove's form: how they are told of, and what becomes of calls and answers. Those are JSON objects, as schemas have to be:
 * what is given or answered and is none is the member {@code value} of one. Any thread.
 */
final class ServiceCalls {
    static final byte REQUEST = 2;
    /** Opcode, service, call, and the length of the encoding. */
    static final int HEAD_BYTES = 13;

    private static final byte RESPONSE = 3;
    private static final String JSON = "json";
    private static final byte[] ENCODING = JSON.getBytes(US_ASCII);
    /** The viewers have time limits of their own and no way to tell them, nor that a call is given up: longer than theirs, and no longer. */
    private static final long TIMEOUT_MS = 60_000;
    /** What a service is given stands in a frame. */
    private static final int LEVELS_AROUND_DATA = 1;

    private static final byte[] NOTHING = {};

    private final IntFunction<Optional<ServiceNotice>> services;

    /** @param services finds the service of a number */
    ServiceCalls(IntFunction<Optional<ServiceNotice>> services) {
        this.services = services;
    }

    /** Writes what a client is told of a service. */
    static void tell(JsonWriter out, ServiceNotice service) {
        out.beginObject().key("id").number(service.number());
        out.key("name").string(service.name());
        out.key("type").string(service.name());
        definition(out.key("request"), service.name() + "_Request", service.request());
        definition(out.key("response"), service.name() + "_Response", service.reply());
        out.endObject();
    }

    private static void definition(JsonWriter out, String name, Optional<String> schema) {
        out.beginObject().key("encoding").string(JSON);
        out.key("schemaName").string(name);
        out.key("schemaEncoding").string("jsonschema");
        out.key("schema").string(plain(schema).json()).endObject();
    }

    private static PlainSchema plain(Optional<String> schema) {
        return schema.map(PlainSchema::of).orElse(PlainSchema.ANY);
    }

    /** The call that a message of that opcode asks for, which has a head at least. */
    Request.Call read(byte[] message, Permissions rights, JsonScan scan) throws RequestRejectedException {
        ByteBuffer head =
                ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).position(1);
        CallNumbers call = new CallNumbers(head.getInt(), head.getInt());
        int encodingBytes = head.getInt();
        Optional<ServiceNotice> service = services.apply(call.service()).filter(known -> rights.mayCall(known.name()));
        if (service.isEmpty()) {
            throw Rejections.ofCall(
                    call,
                    ErrorCode.UNKNOWN_SERVICE,
                    "there is no service " + Integer.toUnsignedString(call.service()) + " now");
        }
        if (encodingBytes != ENCODING.length || !ByteBuffer.wrap(ENCODING).equals(encoding(head))) {
            throw Rejections.ofCall(call, ErrorCode.BAD_REQUEST, "the encoding of a call has to be \"json\"");
        }
        return new Request.Call(
                call.toId(), service.get().name(), data(call, service.get(), message, scan), TIMEOUT_MS);
    }

    private static ByteBuffer encoding(ByteBuffer head) {
        return head.slice(head.position(), Math.min(ENCODING.length, head.remaining()));
    }

    private static String data(CallNumbers call, ServiceNotice service, byte[] message, JsonScan scan)
            throws RequestRejectedException {
        int start = HEAD_BYTES + ENCODING.length;
        int length = message.length - start;
        if (length > Request.Call.MAX_DATA_BYTES) {
            throw Rejections.ofCall(
                    call,
                    ErrorCode.TOO_LARGE,
                    "the request has " + length + " bytes; a call takes " + Request.Call.MAX_DATA_BYTES
                            + " at the most");
        }
        try {
            scan.read(message, start, length, JsonScan.MAX_DEPTH - LEVELS_AROUND_DATA);
        } catch (JsonException e) {
            throw Rejections.ofCall(call, ErrorCode.BAD_JSON, String.valueOf(e.getMessage()));
        }
        int member = ROOT;
        if (scan.kind(ROOT) == JsonKind.OBJECT && plain(service.request()).wraps()) {
            int value = scan.member(ROOT, "value");
            member = value == ABSENT ? ROOT : value;
        }
        int from = scan.valueStart(member);
        return new String(message, from, scan.valueEnd(member) - from, UTF_8);
    }

    /** {@return what a service has answered, for the client that called it} */
    static OutboundMessage response(Request.Call call, String reply) {
        CallNumbers numbers = CallNumbers.of(call.mark());
        byte[] payload = object(reply).getBytes(UTF_8);
        byte[] bytes = ByteBuffer.allocate(HEAD_BYTES + ENCODING.length + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(RESPONSE)
                .putInt(numbers.service())
                .putInt(numbers.call())
                .putInt(ENCODING.length)
                .put(ENCODING)
                .put(payload)
                .array();
        return OutboundMessage.binary(NOTHING, bytes, bytes.length);
    }

    private static String object(String reply) {
        return reply.startsWith("{") ? reply : reply.equals("null") ? "{}" : "{\"value\":" + reply + "}";
    }
}
