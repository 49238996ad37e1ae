package io.github.robotstream.internal.store;

import io.github.robotstream.Message;
import io.github.robotstream.internal.worker.Work;
import io.github.robotstream.spi.TopicStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls of the topic store, one at a time, on the store thread. */
final class StoreWork implements Work<StoreWork.StoreCall> {
    private final TopicStore store;
    private final StoreReport report;
    private final TopicsBehind behind;
    /** What the store was last called for. */
    private String call = "close";

    StoreWork(TopicStore store, StoreReport report, TopicsBehind behind) {
        this.store = store;
        this.report = report;
        this.behind = behind;
    }

    @Override
    public boolean joins(StoreCall first, StoreCall next) {
        return first instanceof StoreCall.Append && next instanceof StoreCall.Append;
    }

    @Override
    public void run(List<StoreCall> batch) throws IOException {
        try {
            if (batch.get(0) instanceof StoreCall.Read read) {
                call = "read";
                read(read);
            } else if (batch.get(0) instanceof StoreCall.Forget forget) {
                call = "forget";
                store.forget(forget.topic());
            } else {
                call = "append";
                store.append(messages(batch));
                report.appended();
            }
            batch.forEach(this::settled);
        } finally {
            report.tellOverflow();
        }
    }

    private void read(StoreCall.Read read) throws IOException {
        if (!read.answer().isDone()) {
            List<Message> answer = store.read(read.topic(), read.afterSequence(), read.limit());
            read.answer().complete(StoreAnswers.read(read.topic(), read.afterSequence(), read.limit(), answer));
        }
    }

    private static List<Message> messages(List<StoreCall> batch) {
        return batch.stream()
                .map(call -> ((StoreCall.Append) call).message().get())
                .toList();
    }

    private void settled(StoreCall call) {
        if (call instanceof StoreCall.Append append) {
            behind.settled(append.topic(), append.ticket());
        } else if (call instanceof StoreCall.Forget forget) {
            behind.settled(forget.topic(), forget.ticket());
        }
    }

    @Override
    public long idle() throws IOException {
        call = "idle";
        return store.idle().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    }

    @Override
    public void failed(List<StoreCall> batch, Throwable cause) {
        long messages = batch.stream().filter(call -> undone(call, cause)).count();
        report.failed(call, messages, cause);
    }

    @Override
    public void abandoned(List<StoreCall> calls) {
        IOException cause = new IOException("the broker closed before the topic store answered");
        report.abandoned(calls.stream().filter(call -> undone(call, cause)).count());
    }

    /** Returns whether the call was to keep a message. */
    private boolean undone(StoreCall call, Throwable cause) {
        if (call instanceof StoreCall.Read read) {
            read.answer().completeExceptionally(cause);
        } else if (call instanceof StoreCall.Forget forget) {
            behind.lost(forget.topic(), forget.ticket());
        } else if (call instanceof StoreCall.Append append) {
            behind.lost(append.topic(), append.ticket());
            return true;
        }
        return false;
    }

    @Override
    public void end() throws Exception {
        call = "close";
        try (store) {
            report.tellOverflow();
            forgetTopicsBehind();
        }
    }

    private void forgetTopicsBehind() throws Exception {
        Set<String> topics = behind.topics();
        if (topics.isEmpty()) {
            return;
        }
        report.restarting(topics.size());
        @Nullable Exception failure = null;
        for (String topic : topics) {
            try {
                store.forget(topic);
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** One thing that the store is to do. Tickets rise in the order of the requests that change the store. */
    sealed interface StoreCall {
        record Append(String topic, Supplier<Message> message, long ticket) implements StoreCall {}

        record Forget(String topic, long ticket) implements StoreCall {}

        record Read(String topic, long afterSequence, int limit, CompletableFuture<List<Message>> answer)
                implements StoreCall {}
    }
}
