package io.github.robotstream.internal.protocol;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The fields of one request, by name and type. An error answers the request as far as it was read, so first come action
 * and id, then the topic, then all else.
 */
final class RequestFields {
    /** A string in quotes of which each byte is escaped as six: what is longer cannot be a topic, and is not read. */
    private static final int MAX_SPELLED_BYTES = 6 * TopicFilter.MAX_BYTES + 2;

    private static final byte[] NOTHING = {};

    private final JsonScan scan = new JsonScan();
    private final PayloadReader payloads = new PayloadReader(this);
    private byte[] bytes = NOTHING;
    private Optional<Action> action = Optional.empty();
    private Optional<RequestId> id = Optional.empty();
    private Optional<String> topic = Optional.empty();

    /** Begins with a frame, and reads what every request has: action and id. */
    void read(byte[] frame, int offset, int length) throws RequestRejectedException {
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

    /** Lets go of the frame. */
    void forget() {
        bytes = NOTHING;
        scan.forget();
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

    Action action() {
        return action.orElseThrow();
    }

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

    /** The object in {@code data}. */
    RawPayload payload() throws RequestRejectedException {
        return payloads.read(scan, bytes);
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
