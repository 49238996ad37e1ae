package io.github.robotstream.internal.store;

import io.github.robotstream.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One thing that the store is to do. Tickets rise in the order of the requests that change the store. */
sealed interface StoreCall {
    /** Keep a message. */
    record Append(Message message, long ticket) implements StoreCall {}

    /** Forget a topic. */
    record Forget(String topic, long ticket) implements StoreCall {}

    /** Read messages of a topic. */
    record Read(String topic, long afterSequence, int limit, CompletableFuture<List<Message>> answer)
            implements StoreCall {}
}
