package io.github.robotstream.internal.settings;

import java.util.Arrays;
import java.util.Optional;

/** What clients may speak (RFC 6455 section 1.9), by the word that they offer and are answered; of several the first is chosen. */
public enum Subprotocol {
    ROBOTSTREAM_V1("robotstream.v1"),
    FOXGLOVE_SDK_V1("foxglove.sdk.v1"),
    FOXGLOVE_WEBSOCKET_V1("foxglove.websocket.v1");

    private final String word;

    Subprotocol(String word) {
        this.word = word;
    }

    /** {@return how it is answered} */
    public String word() {
        return word;
    }

    /** {@return the one that is chosen of those in a header {@code Sec-WebSocket-Protocol}; empty if it has none of them} */
    public static Optional<Subprotocol> chosen(String offered) {
        String[] words = offered.split(",", -1);
        return Arrays.stream(values()).filter(known -> known.isAmong(words)).findFirst();
    }

    private boolean isAmong(String[] words) {
        return Arrays.stream(words).anyMatch(offered -> offered.trim().equalsIgnoreCase(word));
    }
}
