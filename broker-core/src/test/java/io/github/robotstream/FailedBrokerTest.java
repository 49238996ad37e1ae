package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.Transport;
import io.github.robotstream.internal.worker.Heartbeat;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.FakeStore;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker of which a thread has died ends in order, and says so. */
@Timeout(60)
class FailedBrokerTest {
    private static final String DEAD = "robotstream-dead";

    private static Transport broken() {
        return broken(new CountDownLatch(0));
    }

    /** A transport whose thread has died, which shows from then on. */
    private static Transport broken(CountDownLatch shows) {
        Thread dead = new Thread(() -> {}, DEAD);
        dead.start();
        Heartbeat watched = new Heartbeat(dead);
        return (Transport) Proxy.newProxyInstance(
                Transport.class.getClassLoader(),
                new Class<?>[] {Transport.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "watchedThreads" -> shows.getCount() > 0 ? List.of() : List.of(watched);
                    case "address" -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
                    default -> null;
                });
    }

    private static BrokerListener onFailure(Consumer<Throwable> told) {
        return new BrokerListener() {
            @Override
            public void brokerFailed(Throwable cause) {
                told.accept(cause);
            }
        };
    }

    @Test
    void aDeadThreadEndsTheBrokerAndIsToldWhenAllHasEnded() throws Exception {
        FakeStore store = new FakeStore();
        FakeSink sink = new FakeSink();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .anonymousAccess(Permissions.all())
                .store(store)
                .logSink(sink)
                .listener(onFailure(failure::complete))
                .inTest(hooks -> hooks.transports = (settings, tls, gate) -> broken())
                .start();
        broker.awaitClose();
        assertThat(failure.get(30, TimeUnit.SECONDS)).hasMessageContaining(DEAD);
        assertThat(store.calls()).contains("close");
        assertThat(sink.closed()).isOne();
        assertThat(sink.events()).contains("thread_stuck", "broker_failed", "broker_stopping");
        broker.close();
    }

    @Test
    void aFailureBringsTheSafeValueOfACommandTopic() throws Exception {
        Topic<Double> speed = Topic.command("speed", "float", Double.class);
        CountDownLatch driven = new CountDownLatch(1);
        List<Double> heard = new CopyOnWriteArrayList<>();
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .anonymousAccess(Permissions.all())
                .logSink(LogSink.none())
                .topic(speed, topic -> topic.watchdog(Duration.ofHours(1), 0.0))
                .subscribe(speed, value -> {
                    heard.add(value);
                    driven.countDown();
                })
                .inTest(hooks -> hooks.transports = (settings, tls, gate) -> broken(driven))
                .start();
        broker.publish(speed, 0.5);
        broker.awaitClose();
        assertThat(heard).containsExactly(0.5, 0.0);
    }

    @Test
    void whoeverIsToldMayCloseAndThrow() throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        CompletableFuture<RobotStreamBroker> itself = new CompletableFuture<>();
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .anonymousAccess(Permissions.all())
                .logSink(entry -> {})
                .listener(onFailure(cause -> {
                    itself.join().close();
                    closed.complete(true);
                    throw new IllegalStateException("told", cause);
                }))
                .inTest(hooks -> hooks.transports = (settings, tls, gate) -> broken())
                .start();
        itself.complete(broker);
        assertThat(closed.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
