package io.github.robotstream.internal.foxglove;

import io.github.robotstream.internal.protocol.RequestId;

/** The numbers, without a sign, by which a client knows a call: those of the service and of the call. They are the id of its request. */
record CallNumbers(int service, int call) {
    RequestId toId() {
        return RequestId.ofWord(Integer.toUnsignedString(service) + ":" + Integer.toUnsignedString(call));
    }

    static CallNumbers of(RequestId id) {
        String word = id.toString(); // in quotes
        int between = word.indexOf(':');
        return new CallNumbers(
                Integer.parseUnsignedInt(word, 1, between, 10),
                Integer.parseUnsignedInt(word, between + 1, word.length() - 1, 10));
    }
}
