package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The list of actions: what a client may ask for. An entry is the word on the wire; {@link #read} says which request reads it. */
public enum Action {
    SUBSCRIBE("subscribe"),
    UNSUBSCRIBE("unsubscribe"),
    PUBLISH("publish"),
    AUTH("auth"),
    HELLO("hello"),
    TOPICS("topics"),
    SERVICES("services"),
    PING("ping"),
    HISTORY("history"),
    ACQUIRE("acquire"),
    RELEASE("release"),
    STOP("stop"),
    CALL("call"),
    CANCEL("cancel");

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

        void stop(Request.Stop request, long arrivedNanos) throws RequestRejectedException;

        void call(Request.Call request) throws RequestRejectedException;

        void cancel(Request.Cancel request) throws RequestRejectedException;
    }

    private static final List<Action> ALL = List.of(values());

    private final String word;

    Action(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** Makes the request from its fields. */
    Request read(RequestDecoder fields) throws RequestRejectedException {
        return switch (this) {
            case SUBSCRIBE -> Request.Subscribe.read(fields);
            case UNSUBSCRIBE -> Request.Unsubscribe.read(fields);
            case PUBLISH -> Request.Publish.read(fields);
            case AUTH -> Request.Auth.read(fields);
            case HELLO -> Request.Hello.read(fields);
            case TOPICS -> Request.Topics.read(fields);
            case SERVICES -> Request.Services.read(fields);
            case PING -> Request.Ping.read(fields);
            case HISTORY -> Request.History.read(fields);
            case ACQUIRE -> Request.Acquire.read(fields);
            case RELEASE -> Request.Release.read(fields);
            case STOP -> new Request.Stop(fields.id());
            case CALL -> Request.Call.read(fields);
            case CANCEL -> Request.Cancel.read(fields);
        };
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
}
