package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The real server class as an echo, for suites that test RFC 6455 from outside; see {@code docs/benchmarks.md}. Arguments: the
 * port, and the path, which is {@code /} unless given. Runs until the process ends.
 */
public final class EchoServer {
    private EchoServer() {}

    /** Starts it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Settings settings = new Settings();
        settings.port = Integer.parseInt(args[0]);
        settings.path = args.length > 1 ? args[1] : "/";
        settings.messageBytes = 16 << 20; // the suite's largest message
        settings.writeWithin = Duration.ofMinutes(5); // which it takes its time to read
        JwsTransport transport = JwsTransport.bind(settings, Optional.empty(), handshake -> handshake.admit(Echo::new));
        System.out.println("echo on " + transport.address());
        new CountDownLatch(1).await();
    }

    /** Sends back what comes; reads no further while what came is not gone. */
    private static final class Echo implements ConnectionListener, Outgoing {
        private final Connection connection;
        private final Queue<OutboundMessage> messages = new ArrayDeque<>();

        Echo(Connection connection) {
            this.connection = connection;
        }

        @Override
        public synchronized void onText(byte[] utf8, long heldNanos) {
            messages.add(OutboundMessage.text(utf8));
            sendOn();
        }

        @Override
        public synchronized void onBinary(byte[] bytes, long heldNanos) {
            messages.add(OutboundMessage.binary(new byte[0], bytes, bytes.length));
            sendOn();
        }

        @Override
        public void onControl(int payloadBytes) {}

        @Override
        public synchronized void onWritable() {
            sendOn();
        }

        private void sendOn() {
            if (connection.send(this)) {
                connection.resumeReading();
            } else {
                connection.pauseReading();
            }
        }

        @Override
        public void onClosed(int code, String reason, boolean byPeer) {}

        @Override
        public @Nullable OutboundMessage peek() {
            return messages.peek();
        }

        @Override
        public void taken() {
            messages.remove();
        }
    }
}
