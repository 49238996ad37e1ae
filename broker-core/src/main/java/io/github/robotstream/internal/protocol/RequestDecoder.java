package io.github.robotstream.internal.protocol;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.topic.TopicName;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Turns the text of a frame into the request that it holds. Unknown fields are passed over; known ones have the right type or
 * the request is rejected. An error answers the request as far as it was read, so first come action and id, then the topic, then
 * all else. For one thread at a time. Neither it nor what it returns holds on to the frame, which may have a token in it.
 */
public final class RequestDecoder {
    /** A string in quotes of which each byte is escaped as six: what is longer cannot be a topic, and is not read. */
    private static final int MAX_SPELLED_BYTES = 6 * TopicName.MAX_BYTES + 2;

    private static final String PAYLOAD_FORM = "{\"name\":string,\"type\":string,\"data\":any JSON}";
    private static final String POSITION_FORM = "{\"epoch\":string,\"seq\":integer from 0}";
    private static final String BINARY_FORM = "{\"name\":string,\"type\":string}";
    private static final int MAX_NUMBER_BYTES = 32;
    private static final long MAX_PAGE_ENTRIES = 1000;
    /** Each is looked up, and may have the store asked. */
    private static final int MAX_POSITIONS = 256;
    /** The head of a binary message: room for the longest topic however it is escaped, and what may stand beside it. */
    static final int MAX_BINARY_HEAD_BYTES = 16 * 1024;

    private static final byte[] NOTHING = {};

    private final JsonScan scan = new JsonScan();
    private final JsonScan inner = new JsonScan();
    private final RecentNames topicNames = new RecentNames();
    private byte[] bytes = NOTHING;
    private Optional<Action> action = Optional.empty();
    private Optional<RequestId> id = Optional.empty();
    private Optional<String> topic = Optional.empty();
    /** Where the value begins behind the head of a binary message; 0 for text. */
    private int bytesStart;

    /** Reads a request; what it throws answers the request as far as that could be read. */
    public Request decode(byte[] frame, int offset, int length) throws RequestRejectedException {
        try {
            begin(frame, offset, length);
            return action.orElseThrow().read(this);
        } finally {
            bytes = NOTHING;
            bytesStart = 0;
            scan.forget();
        }
    }

    /** Reads a binary message, which can only be a publish: its head is the request, and what follows is the value. */
    public Request decodeBinary(byte[] message) throws RequestRejectedException {
        int length = binaryHeadLength(message);
        bytesStart = BinaryHead.LENGTH_BYTES + length;
        return decode(message, BinaryHead.LENGTH_BYTES, length);
    }

    private int binaryHeadLength(byte[] message) throws RequestRejectedException {
        action = Optional.empty();
        id = Optional.empty();
        topic = Optional.empty();
        if (message.length < BinaryHead.LENGTH_BYTES) {
            throw badRequest("a binary message begins with the length of its head in 4 bytes, and this one has "
                    + message.length + " in all");
        }
        int length = ByteBuffer.wrap(message).getInt();
        int most = Math.min(MAX_BINARY_HEAD_BYTES, message.length - BinaryHead.LENGTH_BYTES);
        if (length < 0 || length > most) {
            throw badRequest("the first 4 bytes of a binary message say that its head has "
                    + Integer.toUnsignedString(length) + " bytes; it has at most " + MAX_BINARY_HEAD_BYTES
                    + ", and no more than the message");
        }
        return length;
    }

    private boolean isBinary() {
        return bytesStart > 0;
    }

    /** Reads what every request has: action and id. */
    private void begin(byte[] frame, int offset, int length) throws RequestRejectedException {
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
        int member = scan.member(ROOT, "action");
        action = member == ABSENT ? Optional.empty() : Action.of(scan, member);
        readId();
        requireKnownAction();
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
        if (isBinary() && action.get() != Action.PUBLISH) {
            throw badRequest("a binary message can only be a publish; send this request as text");
        }
    }

    Optional<RequestId> id() {
        return id;
    }

    /** The name of a subscription of several to the same topic. */
    Optional<String> sub() throws RequestRejectedException {
        Optional<String> name = textUpTo("sub", RequestId.MAX_CHARACTERS);
        if (name.isPresent() && name.get().isEmpty()) {
            throw badRequest("\"sub\" is empty: give it a name, or leave it out");
        }
        return name;
    }

    /** Of a request that is nothing but a question. */
    RequestId requiredId() throws RequestRejectedException {
        return id.orElseThrow(() -> badRequest("the request lacks \"id\", without which it has no reply; add one"));
    }

    /** The topic of a request that takes no filter. */
    String topicName() throws RequestRejectedException {
        int member = required("topic");
        int start = scan.valueStart(member);
        int end = scan.valueEnd(member);
        String known = topicNames.find(bytes, start, end);
        if (known != null) {
            topic = Optional.of(known);
            return known;
        }
        String name = topic(TopicName::check);
        topicNames.keep(bytes, start, end, name);
        return name;
    }

    String topicFilter() throws RequestRejectedException {
        return topic(TopicFilter::of);
    }

    Optional<String> optionalTopicFilter() throws RequestRejectedException {
        return scan.member(ROOT, "topic") == ABSENT ? Optional.empty() : Optional.of(topicFilter());
    }

    private String topic(Consumer<String> rule) throws RequestRejectedException {
        int member = required("topic");
        if (scan.valueEnd(member) - scan.valueStart(member) > MAX_SPELLED_BYTES) {
            throw rejected(
                    ErrorCode.BAD_TOPIC,
                    "the topic is longer than " + TopicName.MAX_BYTES + " bytes of UTF-8; shorten it");
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

    /**
     * What a publish holds in {@code data}: the object, or a string that holds such an object, as clients in the field send it.
     */
    RawPayload payload() throws RequestRejectedException {
        int data = scan.member(ROOT, "data");
        if (data == ABSENT) {
            throw badRequest("the request lacks \"data\"; add " + (isBinary() ? BINARY_FORM : PAYLOAD_FORM));
        }
        if (isBinary()) {
            return binaryPayload(data);
        }
        return switch (scan.kind(data)) {
            case OBJECT -> payload(scan, data, bytes);
            case STRING -> payloadHeldBy(scan.text(data));
            default -> throw badRequest("\"data\" is " + scan.kind(data).words() + "; it has to be " + PAYLOAD_FORM);
        };
    }

    private RawPayload binaryPayload(int data) throws RequestRejectedException {
        if (scan.kind(data) != JsonKind.OBJECT) {
            throw badRequest("\"data\" is " + scan.kind(data).words() + "; it has to be " + BINARY_FORM);
        }
        int name = requiredOfPayload(scan, data, "name", BINARY_FORM);
        int type = requiredOfPayload(scan, data, "type", BINARY_FORM);
        if (scan.member(data, "data") != ABSENT) {
            throw badRequest("\"data\" in \"data\" has no place in a binary message, whose value are the bytes behind"
                    + " its head: leave it out");
        }
        requireText(scan, name, "name");
        requireText(scan, type, "type");
        return RawPayload.copyOf(scan, data, name, type, bytes, bytesStart);
    }

    /** It is to stand in the envelope of a frame, so it may nest one level less. */
    private RawPayload payloadHeldBy(String text) throws RequestRejectedException {
        byte[] utf8 = text.getBytes(UTF_8);
        try {
            inner.read(utf8, 0, utf8.length, JsonScan.MAX_DEPTH - 1);
        } catch (JsonException e) {
            throw badRequest("the string in \"data\" holds no JSON that the broker takes: " + e.getMessage());
        }
        if (inner.kind(ROOT) != JsonKind.OBJECT) {
            throw badRequest(
                    "the string in \"data\" holds " + inner.kind(ROOT).words() + "; it has to hold " + PAYLOAD_FORM);
        }
        return payload(inner, ROOT, utf8);
    }

    private RawPayload payload(JsonScan of, int object, byte[] in) throws RequestRejectedException {
        int name = requiredOfPayload(of, object, "name", PAYLOAD_FORM);
        int type = requiredOfPayload(of, object, "type", PAYLOAD_FORM);
        int value = requiredOfPayload(of, object, "data", PAYLOAD_FORM);
        requireText(of, name, "name");
        requireText(of, type, "type");
        return RawPayload.copyOf(of, object, name, type, value, in);
    }

    private int requiredOfPayload(JsonScan of, int object, String key, String form) throws RequestRejectedException {
        int member = of.member(object, key);
        if (member == ABSENT) {
            throw badRequest("\"data\" lacks its member \"" + key + "\"; it has to be " + form);
        }
        return member;
    }

    private void requireText(JsonScan of, int member, String key) throws RequestRejectedException {
        if (of.kind(member) != JsonKind.STRING) {
            throw badRequest("\"" + key + "\" in \"data\" is " + of.kind(member).words() + "; it has to be a string");
        }
    }

    /**
     * The member {@code since} of an object: of a topic a position, of a filter an object with the positions of topics that it matches. Empty
     * if there is none.
     */
    Map<String, Position> positions(int parent, TopicFilter filter) throws RequestRejectedException {
        int since = parent == ABSENT ? ABSENT : optional(parent, "since", JsonKind.OBJECT);
        if (since == ABSENT) {
            return Map.of();
        }
        try {
            inner.read(bytes, scan.valueStart(since), scan.valueEnd(since) - scan.valueStart(since));
            return filter.isExact() ? Map.of(filter.toString(), position(ROOT)) : positions(filter);
        } catch (JsonException e) {
            throw new IllegalStateException(e); // it was read as a part of the whole
        } finally {
            inner.forget();
        }
    }

    private Map<String, Position> positions(TopicFilter filter) throws RequestRejectedException {
        Map<String, Position> positions = new LinkedHashMap<>();
        for (int member = inner.firstMember(ROOT); member != ABSENT; member = inner.nextMember(member)) {
            String name = inner.key(member);
            if (!filter.matches(name)) {
                throw badRequest("\"since\" names \"" + JsonErrors.excerpt(name) + "\", which " + filter
                        + " does not match: name topics of the subscription");
            }
            if (positions.size() == MAX_POSITIONS) {
                throw badRequest("\"since\" names more than " + MAX_POSITIONS + " topics: take narrower filters");
            }
            positions.put(name, position(member));
        }
        return positions;
    }

    private Position position(int object) throws RequestRejectedException {
        if (inner.kind(object) == JsonKind.OBJECT) {
            int epoch = inner.member(object, "epoch");
            int number = inner.member(object, "seq");
            OptionalLong sequence = number != ABSENT && inner.kind(number) == JsonKind.NUMBER
                    ? inner.integer(number)
                    : OptionalLong.empty();
            if (epoch != ABSENT
                    && inner.kind(epoch) == JsonKind.STRING
                    && inner.isTextUpTo(Position.MAX_EPOCH_CHARACTERS, epoch)
                    && sequence.isPresent()
                    && sequence.getAsLong() >= 0) {
                return new Position(inner.text(epoch), sequence.getAsLong());
            }
        }
        throw badRequest("a position in \"since\" has to be " + POSITION_FORM
                + ", as \"meta\" tells them; of a filter, \"since\" has one for each topic by its name");
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

    /** One of the constants of an enum, in lower case. */
    <E extends Enum<E>> Optional<E> choice(int parent, String key, Class<E> type) throws RequestRejectedException {
        int member = optional(parent, key, JsonKind.STRING);
        if (member == ABSENT) {
            return Optional.empty();
        }
        for (E constant : type.getEnumConstants()) {
            if (scan.textIs(member, SubscribeOptions.word(constant))) {
                return Optional.of(constant);
            }
        }
        String known = Arrays.stream(type.getEnumConstants())
                .map(SubscribeOptions::word)
                .collect(Collectors.joining(", "));
        throw badRequest(
                "\"" + key + "\" is \"" + JsonErrors.excerpt(scan.text(member)) + "\"; it has to be one of " + known);
    }

    Optional<Long> integer(int parent, String key, long least, long most) throws RequestRejectedException {
        int member = optional(parent, key, JsonKind.NUMBER);
        if (member == ABSENT) {
            return Optional.empty();
        }
        OptionalLong value = scan.integer(member);
        if (value.isEmpty() || value.getAsLong() < least || value.getAsLong() > most) {
            throw outOfRange(key, member, "an integer from " + least + " to " + most);
        }
        return Optional.of(value.getAsLong());
    }

    Optional<Double> number(int parent, String key, double least, double most) throws RequestRejectedException {
        int member = optional(parent, key, JsonKind.NUMBER);
        if (member == ABSENT) {
            return Optional.empty();
        }
        // Longer ones are no number that anybody means.
        double value = scan.valueEnd(member) - scan.valueStart(member) > MAX_NUMBER_BYTES
                ? Double.NaN
                : Double.parseDouble(spelled(member, MAX_NUMBER_BYTES));
        if (!(value >= least && value <= most)) {
            throw outOfRange(key, member, "a number from " + least + " to " + most);
        }
        return Optional.of(value);
    }

    private RequestRejectedException outOfRange(String key, int member, String range) {
        return badRequest("\"" + key + "\" is " + JsonErrors.excerpt(spelled(member, MAX_NUMBER_BYTES))
                + "; it has to be " + range);
    }

    private String spelled(int member, int maxBytes) {
        int length = Math.min(scan.valueEnd(member) - scan.valueStart(member), maxBytes);
        return new String(bytes, scan.valueStart(member), length, UTF_8);
    }

    /** A string of the frame's own of at most so many characters, if it is there. */
    Optional<String> textUpTo(String key, int maxCharacters) throws RequestRejectedException {
        int member = optional(ROOT, key, JsonKind.STRING);
        if (member == ABSENT) {
            return Optional.empty();
        }
        if (!scan.isTextUpTo(maxCharacters, member)) {
            throw tooLong(key, maxCharacters);
        }
        return Optional.of(scan.text(member));
    }

    /** The same of one that has to be there. */
    String requiredText(String key, int maxCharacters) throws RequestRejectedException {
        required(key);
        return textUpTo(key, maxCharacters).orElseThrow();
    }

    /** The id that a call was given. */
    RequestId idOfCall() throws RequestRejectedException {
        int member = scan.member(ROOT, "call");
        Optional<RequestId> call = member == ABSENT ? Optional.empty() : RequestId.of(scan, member, bytes);
        return call.orElseThrow(() -> badRequest("\"call\" has to be the \"id\" of a call"));
    }

    /** Any value of the frame's own as JSON, if it is there. */
    Optional<String> json(String key, int maxBytes) throws RequestRejectedException {
        int member = scan.member(ROOT, key);
        if (member == ABSENT) {
            return Optional.empty();
        }
        int length = scan.valueEnd(member) - scan.valueStart(member);
        if (length > maxBytes) {
            throw rejected(
                    ErrorCode.TOO_LARGE,
                    "\"" + key + "\" has " + length + " bytes; a call takes " + maxBytes + " at the most");
        }
        return Optional.of(spelled(member, maxBytes));
    }

    /** How many entries a page may have: the most unless another limit is said. */
    int limitOfPage() throws RequestRejectedException {
        return Math.toIntExact(integer(ROOT, "limit", 1, MAX_PAGE_ENTRIES).orElse(MAX_PAGE_ENTRIES));
    }

    /** A number of the frame's own as it is spelled, if it is there. */
    Optional<String> numberText(String key, int maxCharacters) throws RequestRejectedException {
        int member = optional(ROOT, key, JsonKind.NUMBER);
        if (member == ABSENT) {
            return Optional.empty();
        }
        if (scan.valueEnd(member) - scan.valueStart(member) > maxCharacters) {
            throw tooLong(key, maxCharacters);
        }
        return Optional.of(spelled(member, maxCharacters));
    }

    private RequestRejectedException tooLong(String key, int maxCharacters) {
        return badRequest("\"" + key + "\" has more than " + maxCharacters + " characters; shorten it");
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
        return new RequestRejectedException(new RequestError(
                code, message, id, action, topic, Optional.empty(), Optional.empty(), Optional.empty()));
    }
}
