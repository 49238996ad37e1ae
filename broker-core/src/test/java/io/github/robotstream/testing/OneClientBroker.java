package io.github.robotstream.testing;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.internal.transport.Connection;
import io.github.robotstream.internal.transport.ConnectionListener;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.transport.HandshakeRequest;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.spi.LogSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** A broker whose steps are taken by the test, and one client without a socket, which never makes anything wait. */
public final class OneClientBroker implements AutoCloseable {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    public final ManualClock clock = new ManualClock();
    public final RobotStreamBroker broker;
    private final StubbornConnection connection = new StubbornConnection();

    /** Delivers though it is to pause, and has room always. */
    private static final class StubbornConnection implements Connection {
        final List<String> sent = new ArrayList<>();
        volatile ConnectionListener session;
        volatile boolean paused;

        @Override
        public boolean send(Outgoing messages) {
            for (OutboundMessage next = messages.peek(); next != null; next = messages.peek()) {
                sent.add(Outbound.text(next));
                messages.taken();
            }
            return true;
        }

        @Override
        public void pauseReading() {
            paused = true;
        }

        @Override
        public void resumeReading() {
            paused = false;
        }

        @Override
        public void close(int code, String reason) {
            session.onClosed(code, reason, false);
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return ADDRESS;
        }

        @Override
        public long unsentBytes() {
            return 0;
        }

        void deliver(String text) {
            session.onText(text.getBytes(StandardCharsets.UTF_8), 0);
        }
    }

    private final class OnlyArrival implements Handshake {
        @Override
        public HandshakeRequest request() {
            return new HandshakeRequest("/wss", Optional.empty(), Map.of(), ADDRESS, List.of());
        }

        @Override
        public boolean admit(Function<Connection, ConnectionListener> session) {
            connection.session = session.apply(connection);
            return true;
        }

        @Override
        public boolean wantsWebSocket() {
            return true;
        }

        @Override
        public void answer(String contentType, byte[] body) {
            throw new AssertionError(contentType);
        }

        @Override
        public void refuse(Refusal refusal) {
            throw new AssertionError(refusal);
        }
    }

    /** One client that is there from the beginning. */
    private final class OneClient implements Transport {
        OneClient(HandshakeListener listener) {
            listener.onHandshake(new OnlyArrival());
        }

        @Override
        public InetSocketAddress address() {
            return ADDRESS;
        }

        @Override
        public int connections() {
            return 1;
        }

        @Override
        public void stopAccepting() {}

        @Override
        public void close(Duration timeout) {}
    }

    public OneClientBroker() throws IOException {
        this(settings -> settings.anonymousAccess(Permissions.all())
                .limits(limits -> limits.requestRate(RequestRate.unlimited())));
    }

    public OneClientBroker(Consumer<BrokerBuilder> settings) throws IOException {
        BrokerBuilder builder = RobotStreamBroker.builder().logSink(LogSink.none());
        TestHooks.clock(builder, clock);
        TestHooks.stepped(builder);
        TestHooks.transports(builder, (changed, tls, listener) -> new OneClient(listener));
        settings.accept(builder);
        broker = builder.start();
        Awaitility.await("the client is in").until(() -> {
            settle();
            return connection.session != null;
        });
    }

    /** The client sends a text. */
    public void deliver(String text) {
        connection.deliver(text);
    }

    /** The client sends a ping of so many bytes. */
    public void ping(int payloadBytes) {
        connection.session.onControl(payloadBytes);
    }

    /** Whether nothing more is to be read from the client now. */
    public boolean isPaused() {
        return connection.paused;
    }

    /** What the client was sent so far. */
    public List<String> sent() {
        return connection.sent;
    }

    /** Takes steps until there is nothing left to do. */
    public void settle() {
        boolean more = true;
        while (more) {
            more = TestHooks.step(broker);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
