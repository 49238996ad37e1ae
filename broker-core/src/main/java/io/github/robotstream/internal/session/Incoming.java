package io.github.robotstream.internal.session;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Topic;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.protocol.RequestId;
import java.util.Optional;

/** What came in a frame, read on the thread that reads: a request, or what is wrong with it; or what was found out about one. */
sealed interface Incoming {
    /** Has it done by the handler's method for its kind. */
    void handle(Handler by);

    /** What is done about each kind. Broker thread. */
    interface Handler {
        void asked(Asked asked);

        void unallowed(Unallowed unallowed);

        void unchecked(Unchecked unchecked);

        void rejected(Rejected rejected);

        void renewed(Renewed renewed);

        void notRenewed(NotRenewed notRenewed);
    }

    /**
     * A request that can be carried out.
     *
     * @param arrivedNanos when its frame was complete on this side of the socket, by the monotonic clock
     */
    record Asked(Request request, long arrivedNanos) implements Incoming {
        @Override
        public void handle(Handler by) {
            by.asked(this);
        }
    }

    /**
     * A publish on a topic of robot code that the rights did not allow when it was read, so that its type was not looked at; a
     * token that comes before it may allow it.
     */
    record Unallowed(Publish publish, long arrivedNanos) implements Incoming {
        @Override
        public void handle(Handler by) {
            by.unallowed(this);
        }
    }

    /** A publish that the topic's codec is still to be asked about. */
    record Unchecked(Publish publish, Topic<?> topic, long arrivedNanos) implements Incoming {
        @Override
        public void handle(Handler by) {
            by.unchecked(this);
        }
    }

    /** A frame that is none. */
    record Rejected(RequestError error) implements Incoming {
        @Override
        public void handle(Handler by) {
            by.rejected(this);
        }
    }

    /** The verifier takes a newer token; {@code id} is that of the request. */
    record Renewed(Optional<RequestId> id, ClientPrincipal principal) implements Incoming {
        @Override
        public void handle(Handler by) {
            by.renewed(this);
        }
    }

    /** A newer token is not taken, and the session stays as it was; {@code detail} is for the robot's own people alone. */
    record NotRenewed(RequestError error, Optional<String> detail) implements Incoming {
        @Override
        public void handle(Handler by) {
            by.notRenewed(this);
        }
    }
}
