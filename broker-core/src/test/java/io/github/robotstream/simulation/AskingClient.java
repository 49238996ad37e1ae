package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client whose requests have ids, with what is to be checked of each reply. Replies have to come in the order of the requests. */
class AskingClient {
    final String name;
    /** Of requests whose reply the client has not read. */
    final Deque<Consumer<Frame>> replies = new ArrayDeque<>();

    @Nullable
    SimulatedConnection connection;

    private int lastId;

    AskingClient(String name) {
        this.name = name;
    }

    /** Sends a request with these members; returns its text. */
    String ask(String members, Consumer<Frame> reply) {
        lastId++;
        String id = String.valueOf(lastId);
        String text = "{" + members + ",\"id\":" + id + "}";
        replies.add(frame -> {
            assertThat(frame.member("id")).as("the order of replies: %s", frame).isEqualTo(id);
            reply.accept(frame);
        });
        connection.write(text);
        return text;
    }

    void acceptReply(Frame frame) {
        Consumer<Frame> reply = replies.poll();
        assertThat(reply).as("%s has asked for %s", name, frame).isNotNull();
        reply.accept(frame);
    }

    /** The network loses its connection, if it has one. */
    void isCut() {
        if (connection != null) {
            connection.cut();
            connection = null;
            replies.clear();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
