package io.github.robotstream.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Subscription;
import io.github.robotstream.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An honest client, and robot code that talks with it: in each round a number goes down to the client and comes back up to a
 * listener. It fails at the first number that is missing, late or out of order.
 */
public final class Witness implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name = "witness-" + NUMBERS.incrementAndGet();
    private final Topic<Long> down = Topic.state(name + "/down", "long", Long.class);
    private final Topic<Long> up = Topic.state(name + "/up", "any", Long.class);
    private final RobotStreamBroker broker;
    private final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();
    private final Subscription subscription;
    private final TestClient client;
    private volatile long round;
    private volatile long longestNanos;
    private volatile boolean done;
    private volatile @Nullable Throwable failure;
    private @Nullable Thread thread;

    public Witness(RobotStreamBroker broker) throws IOException {
        this(broker, "/wss");
    }

    public Witness(RobotStreamBroker broker, String target) throws IOException {
        this.broker = broker;
        subscription = broker.subscribe(up, heard::add);
        client = SocketTestClient.to(broker.address()).target(target).connect();
        client.send(Requests.subscribe(down.name(), 1));
        assertThat(client.next()).contains("\"ack\"");
    }

    /** Makes so many rounds on the calling thread. */
    public Witness seesRounds(int rounds) throws InterruptedException {
        for (int i = 0; i < rounds; i++) {
            seesRound();
        }
        return this;
    }

    private void seesRound() throws InterruptedException {
        long begin = System.nanoTime();
        long number = round + 1;
        assertThat(broker.publish(down, number)).isTrue();
        assertThat(client.next()).isEqualTo(Requests.delivered(down.name(), "long", Long.toString(number)));
        client.send(Requests.publish(up.name(), Long.toString(number)));
        assertThat(heard.poll(TestClient.SOON.toNanos(), TimeUnit.NANOSECONDS))
                .as("what came back in round %d", number)
                .isEqualTo(number);
        round = number;
        longestNanos = Math.max(longestNanos, System.nanoTime() - begin);
    }

    /** Makes rounds on a thread of its own until {@link #staysCalm} or the end. */
    public Witness watches() {
        Thread watching = new Thread(this::seeUntilDone, "test-witness");
        watching.setDaemon(true);
        watching.start();
        thread = watching;
        return this;
    }

    private void seeUntilDone() {
        try {
            while (!done) {
                seesRound();
            }
        } catch (Throwable t) {
            failure = t;
        }
    }

    /** How many rounds it has made. */
    public long rounds() {
        return round;
    }

    /** Waits until so many rounds more were made. */
    public void makesMoreRounds(int rounds) {
        awaitRound(round + rounds);
    }

    private void awaitRound(long wanted) {
        long deadline = System.nanoTime() + TestClient.SOON.toNanos();
        while (round < wanted && failure == null && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    /** Ends watching: at least so many rounds were made, none missed a number, none took longer. */
    public void staysCalm(int leastRounds, Duration longest) throws InterruptedException {
        awaitRound(leastRounds);
        done = true;
        if (thread != null) {
            thread.join(TestClient.SOON.toMillis());
        }
        assertThat(failure).as("the witness").isNull();
        assertThat(round).as("rounds").isGreaterThanOrEqualTo(leastRounds);
        assertThat(Duration.ofNanos(longestNanos)).as("the longest round").isLessThan(longest);
    }

    @Override
    public void close() {
        done = true;
        subscription.close();
        client.close();
    }
}
