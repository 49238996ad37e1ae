package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.transport.WatchedThread;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.util.Optional;

/**
 * Asks a thread that selects whether it goes on: a registration that is cancelled is taken away by the next selection, and by nothing
 * else. The channel is bound to nothing and looked at for nothing.
 */
final class SelectorProbe implements WatchedThread {
    private final Selector selector;
    private final Thread thread;
    private final DatagramChannel channel;
    private long answers;

    SelectorProbe(Selector selector, Thread thread) throws IOException {
        this.selector = selector;
        this.thread = thread;
        this.channel = DatagramChannel.open();
        channel.configureBlocking(false);
    }

    @Override
    public Optional<Thread> thread() {
        return Optional.of(thread);
    }

    @Override
    public long pulse() {
        try {
            if (!channel.isRegistered()) {
                answers++;
                channel.register(selector, 0).cancel();
                selector.wakeup();
            }
            return answers;
        } catch (ClosedChannelException | ClosedSelectorException atItsEnd) {
            return AT_REST;
        }
    }

    void close() throws IOException {
        channel.close();
    }
}
