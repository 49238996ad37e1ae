package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.protocol.Request.Auth;
import io.github.robotstream.internal.protocol.Request.Hello;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request.Subscribe;
import io.github.robotstream.internal.protocol.Request.Unsubscribe;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The list of actions: what a client may ask for. An entry is the word on the wire and the request that reads it. */
public enum Action {
    SUBSCRIBE("subscribe", Subscribe::read),
    UNSUBSCRIBE("unsubscribe", Unsubscribe::read),
    PUBLISH("publish", Publish::read),
    AUTH("auth", Auth::read),
    HELLO("hello", Hello::read);

    /**
     * Carries requests out. {@code arrivedNanos} is when the frame was complete on this side of the socket, by the monotonic
     * clock.
     */
    public interface Handler {
        void subscribe(Subscribe request);

        void unsubscribe(Unsubscribe request);

        void publish(Publish request, long arrivedNanos);

        void auth(Auth request);

        void hello(Hello request);
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
