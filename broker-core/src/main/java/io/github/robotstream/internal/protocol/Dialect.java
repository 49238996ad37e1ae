package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.transport.OutboundMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a client speaks: how its messages are read as requests, and what it is sent beside the replies to requests that carry an id, of which
 * those to calls alone are for all dialects: only the project's own protocol knows such ids for others. {@link #read} is called on the thread that reads, where clients share a dialect for several of
 * them at the same time; all else on the broker thread.
 */
public interface Dialect {
    /**
     * Reads what a client sent.
     *
     * @param binary whether it is bytes, and no UTF-8
     * @param requests takes what it asks for, in order
     * @throws RequestRejectedException with the answer to what was not taken
     */
    void read(byte[] message, boolean binary, Consumer<Request> requests) throws RequestRejectedException;

    /**
     * {@return what is sent of a message; the same object to all who are sent the same}
     *
     * @param binary whether the client has asked to be sent bytes as bytes
     */
    OutboundMessage delivery(Envelope message, boolean binary);

    /** {@return the same with what the client is told beside it} */
    OutboundMessage delivery(Envelope message, boolean binary, DeliveryNote note);

    /** {@return how the client is told what is wrong; empty if it has no way to be told, and the log is} */
    Optional<OutboundMessage> error(RequestError error);

    /** {@return how far a call has come, in the words of its service as JSON; empty if there is no way to tell} */
    Optional<OutboundMessage> progress(Request.Call call, String progress);

    /** {@return what the service of a call has answered, as JSON} */
    OutboundMessage answer(Request.Call call, String reply);

    /** {@return what tells that a subscription has ended because the rights do not cover it any more} */
    OutboundMessage unsubscribed(String topic, Optional<String> sub);

    /** {@return what tells that the session ends with its token soon} */
    OutboundMessage authExpiring(Duration left);

    /** {@return what its clients are told unasked; empty if that is nothing} */
    default Optional<Unasked> unasked() {
        return Optional.empty();
    }

    /** {@return whether its clients take frames as large as the broker sends, and have no way to say so} */
    default boolean takesLargeFrames() {
        return false;
    }
}
