package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The list of actions: what a client may ask for. An entry is the word on the wire and the request that reads it. */
public enum Action {
    SUBSCRIBE("subscribe", Request.Subscribe::read),
    UNSUBSCRIBE("unsubscribe", Request.Unsubscribe::read),
    PUBLISH("publish", Request.Publish::read),
    AUTH("auth", Request.Auth::read),
    HELLO("hello", Request.Hello::read),
    TOPICS("topics", Request.Topics::read),
    SERVICES("services", Request.Services::read),
    PING("ping", Request.Ping::read),
    HISTORY("history", Request.History::read),
    ACQUIRE("acquire", Request.Acquire::read),
    RELEASE("release", Request.Release::read),
    CALL("call", Request.Call::read),
    CANCEL("cancel", Request.Cancel::read);

    /**
     * Carries requests out, each action's by a method of its own, which throws what the client is to be told if it does not.
     *
     * <p>{@code arrivedNanos} is when the request's frame was complete on this side of the socket, by the monotonic clock.
     */
    public interface Handler {
        void subscribe(Request.Subscribe request) throws RequestRejectedException;

        void unsubscribe(Request.Unsubscribe request) throws RequestRejectedException;

        void publish(Request.Publish request, long arrivedNanos) throws RequestRejectedException;

        void auth(Request.Auth request) throws RequestRejectedException;

        void hello(Request.Hello request) throws RequestRejectedException;

        void topics(Request.Topics request) throws RequestRejectedException;

        void services(Request.Services request) throws RequestRejectedException;

        void ping(Request.Ping request) throws RequestRejectedException;

        void history(Request.History request) throws RequestRejectedException;

        void acquire(Request.Acquire request) throws RequestRejectedException;

        void release(Request.Release request) throws RequestRejectedException;

        void call(Request.Call request) throws RequestRejectedException;

        void cancel(Request.Cancel request) throws RequestRejectedException;
    }

    private static final List<Action> ALL = List.of(values());

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // method references hold nothing that could change
    private final Reader reader;

    Action(String word, Reader reader) {
        this.word = word;
        this.reader = reader;
    }

    public String word() {
        return word;
    }

    /** Makes the request from its fields. */
    Request read(RequestDecoder fields) throws RequestRejectedException {
        return reader.read(fields);
    }

    /** The action whose word is the member's value, if it is one. */
    static Optional<Action> of(JsonScan scan, int member) {
        if (scan.kind(member) == JsonKind.STRING) {
            for (Action action : ALL) {
                if (scan.textIs(member, action.word)) {
                    return Optional.of(action);
                }
            }
        }
        return Optional.empty();
    }

    static String words() {
        return ALL.stream().map(Action::word).collect(Collectors.joining(", "));
    }

    static String wordList() {
        return ALL.stream().map(action -> '"' + action.word + '"').collect(Collectors.joining(",", "[", "]"));
    }

    @FunctionalInterface
    private interface Reader {
        Request read(RequestDecoder fields) throws RequestRejectedException;
    }
}
