package io.github.robotstream.internal.session;

import io.github.robotstream.Topic;
import io.github.robotstream.internal.protocol.Publish;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;

/** What came in a frame, read on the thread that reads: a request, or what is wrong with it. */
sealed interface Incoming {
    /** A request that can be carried out. */
    record Asked(Request request) implements Incoming {}

    /** A publish that the topic's codec is still to be asked about. */
    record Unchecked(Publish publish, Topic<?> topic) implements Incoming {}

    /** A frame that is none. */
    record Rejected(RequestError error) implements Incoming {}
}
