package io.github.robotstream.internal.protocol;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns the text of a frame into the request that it holds. Fields that the broker does not know are passed over; a field that it knows
 * has the right type or the request is rejected. An error answers the request as far as it was read, so first come action and id, then the
 * topic, then all else.
 *
 * <p>For one thread at a time. What it returns shares nothing with the frame, whose buffer may be used again; nor does it hold on to the
 * frame, which may have a token in it.
 */
public final class RequestDecoder {
    private static final String PAYLOAD_FORM = "{\"name\":string,\"type\":string,\"data\":any JSON}";
    /** A string in quotes of which each byte is escaped as six: what is longer cannot be a topic, and is not read. */
    private static final int MAX_SPELLED_BYTES = 6 * TopicFilter.MAX_BYTES + 2;

    private static final byte[] NOTHING = {};

    private final JsonScan scan = new JsonScan();
    private final JsonScan inner = new JsonScan();
    private byte[] bytes = NOTHING;
    private Optional<Action> action = Optional.empty();
    private Optional<RequestId> id = Optional.empty();
    private Optional<String> topic = Optional.empty();

    /**
     * Reads the request of {@code length} bytes at {@code offset}.
     *
     * @throws RequestRejectedException if it is none; its error says what is wrong and answers the request as far as
     *     that could be read
     */
    public Request decode(byte[] frame, int offset, int length) throws RequestRejectedException {
        try {
            read(frame, offset, length);
            return action.orElseThrow().read(this);
        } finally {
            bytes = NOTHING;
            scan.forget();
        }
    }

    private void read(byte[] frame, int offset, int length) throws RequestRejectedException {
        action = Optional.empty();
        id = Optional.empty();
        topic = Optional.empty();
        bytes = frame;
        try {
            scan.read(frame, offset, length);
        } catch (JsonException e) {
            throw rejected(ErrorCode.BAD_JSON, e.getMessage());
        }
        if (scan.kind(ROOT) != JsonKind.OBJECT) {
            throw badRequest("the frame holds " + scan.kind(ROOT).words() + "; send an object with \"action\"");
        }
        readAction();
        readId();
        requireKnownAction();
    }

    private void readAction() {
        int member = scan.member(ROOT, "action");
        action = member == ABSENT ? Optional.empty() : Action.of(scan, member);
    }

    private void readId() throws RequestRejectedException {
        int member = scan.member(ROOT, "id");
        if (member != ABSENT) {
            id = RequestId.of(scan, member, bytes);
            if (id.isEmpty()) {
                throw badRequest("\"id\" has to be a string of at most " + RequestId.MAX_CHARACTERS
                        + " characters or an integer up to 2^53-1; take such a one");
            }
        }
    }

    private void requireKnownAction() throws RequestRejectedException {
        if (action.isEmpty()) {
            int member = required("action");
            throw rejected(
                    ErrorCode.UNKNOWN_ACTION,
                    "there is no action \"" + JsonErrors.excerpt(scan.text(member)) + "\"; known are "
                            + Action.words());
        }
    }

    // For the requests.

    Optional<RequestId> id() {
        return id;
    }

    /** The topic of a request that takes no filter. */
    String topicName() throws RequestRejectedException {
        return topic(TopicFilter::checkTopicName);
    }

    String topicFilter() throws RequestRejectedException {
        return topic(TopicFilter::of);
    }

    private String topic(Consumer<String> rule) throws RequestRejectedException {
        int member = required("topic");
        if (scan.valueEnd(member) - scan.valueStart(member) > MAX_SPELLED_BYTES) {
            throw rejected(
                    ErrorCode.BAD_TOPIC,
                    "the topic is longer than " + TopicFilter.MAX_BYTES + " bytes of UTF-8; shorten it");
        }
        String text = scan.text(member);
        try {
            rule.accept(text);
        } catch (IllegalArgumentException e) {
            throw rejected(ErrorCode.BAD_TOPIC, String.valueOf(e.getMessage()));
        }
        topic = Optional.of(text);
        return text;
    }

    /** A string that must be there, and that no error quotes. */
    String secret(String key, int maxCharacters) throws RequestRejectedException {
        int member = required(key);
        if (scan.textIs(member, "") || !scan.isTextUpTo(maxCharacters, member)) {
            throw badRequest("\"" + key + "\" has to have 1 to " + maxCharacters + " characters");
        }
        return scan.text(member);
    }

    /** What a publish holds in {@code data}: the object, or a JSON string that holds such an object, as clients in the field send it. */
    RawPayload payload() throws RequestRejectedException {
        int data = scan.member(ROOT, "data");
        if (data == ABSENT) {
            throw badRequest("the request lacks \"data\"; add " + PAYLOAD_FORM);
        }
        return switch (scan.kind(data)) {
            case OBJECT -> payload(scan, data, bytes);
            case STRING -> payloadIn(scan.text(data));
            default -> throw badRequest("\"data\" is " + scan.kind(data).words() + "; it has to be " + PAYLOAD_FORM);
        };
    }

    /** It is to stand in the envelope of a frame, so it may nest one level less. */
    private RawPayload payloadIn(String text) throws RequestRejectedException {
        byte[] held = text.getBytes(UTF_8);
        try {
            inner.read(held, 0, held.length, JsonScan.MAX_DEPTH - 1);
        } catch (JsonException e) {
            throw badRequest("the string in \"data\" holds no JSON that the broker takes: " + e.getMessage());
        }
        if (inner.kind(ROOT) != JsonKind.OBJECT) {
            throw badRequest(
                    "the string in \"data\" holds " + inner.kind(ROOT).words() + "; it has to hold " + PAYLOAD_FORM);
        }
        return payload(inner, ROOT, held);
    }

    private RawPayload payload(JsonScan from, int object, byte[] json) throws RequestRejectedException {
        int name = requiredIn(from, object, "name");
        int type = requiredIn(from, object, "type");
        int value = requiredIn(from, object, "data");
        requireText(from, name, "name");
        requireText(from, type, "type");
        return RawPayload.copyOf(from, object, name, type, value, json);
    }

    private int requiredIn(JsonScan from, int object, String key) throws RequestRejectedException {
        int member = from.member(object, key);
        if (member == ABSENT) {
            throw badRequest("\"data\" lacks its member \"" + key + "\"; it has to be " + PAYLOAD_FORM);
        }
        return member;
    }

    private void requireText(JsonScan from, int member, String key) throws RequestRejectedException {
        if (from.kind(member) != JsonKind.STRING) {
            throw badRequest(
                    "\"" + key + "\" in \"data\" is " + from.kind(member).words() + "; it has to be a string");
        }
    }

    /** The member of the frame that holds an object, or {@link JsonScan#ABSENT}. */
    int object(String key) throws RequestRejectedException {
        return optional(ROOT, key, JsonKind.OBJECT);
    }

    Optional<String> text(int parent, String key) throws RequestRejectedException {
        int member = optional(parent, key, JsonKind.STRING);
        return member == ABSENT ? Optional.empty() : Optional.of(scan.text(member));
    }

    Optional<Boolean> flag(int parent, String key) throws RequestRejectedException {
        int member = optional(parent, key, JsonKind.BOOLEAN);
        return member == ABSENT ? Optional.empty() : Optional.of(scan.isTrue(member));
    }

    private int optional(int parent, String key, JsonKind kind) throws RequestRejectedException {
        int member = scan.member(parent, key);
        if (member != ABSENT && scan.kind(member) != kind) {
            throw badRequest("\"" + key + "\" is " + scan.kind(member).words() + "; it has to be " + kind.words());
        }
        return member;
    }

    private int required(String key) throws RequestRejectedException {
        int member = optional(ROOT, key, JsonKind.STRING);
        if (member == ABSENT) {
            throw badRequest("the request lacks \"" + key + "\", a string; add it");
        }
        return member;
    }

    RequestRejectedException badRequest(String message) {
        return rejected(ErrorCode.BAD_REQUEST, message);
    }

    private RequestRejectedException rejected(ErrorCode code, String message) {
        return new RequestRejectedException(new RequestError(code, message, id, action, topic, Optional.empty()));
    }
}
