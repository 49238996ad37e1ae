package io.github.robotstream.bench;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.Received;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** This broker with topics that have a watchdog, whose listeners see how late the safe value comes. */
final class WatchedPeer implements Peer {
    static final int TOPICS = 20;
    static final Duration SILENCE = Duration.ofMillis(100);

    /** As often as safe values come. */
    private static final Duration REST = Duration.ofMillis(15);

    private static final Command SAFE = new Command("", 0);

    private final Samples sinceSent = new Samples(1_000_000);
    private final Samples sinceReceived = new Samples(1_000_000);
    private final Samples afterRest = new Samples(1_000_000);
    private int missed;
    private RobotStreamBroker broker; // ends with the process

    /** As {@link Frames#value} writes it: the time is that when the client sent it. */
    private record Command(String p, long t) {}

    static String topic(int number) {
        return "watched/" + number;
    }

    @Override
    public int start() throws IOException {
        BrokerBuilder builder = RobotStreamBroker.builder().port(0).anonymousAccess(Permissions.all());
        for (int i = 0; i < TOPICS; i++) {
            Topic<Command> topic = Topic.command(topic(i), "Sample", Command.class);
            builder.topic(topic, settings -> settings.watchdog(SILENCE, SAFE))
                    .subscribeReceived(topic, new Episodes()::hear);
        }
        broker = builder.start();
        Thread resting = new Thread(this::rest, "rests");
        resting.setDaemon(true);
        resting.start();
        return broker.address().getPort();
    }

    /** What this machine's scheduler and the VM make any thread wait for, whatever the broker does. */
    private void rest() {
        while (true) {
            long begun = System.nanoTime();
            LockSupport.parkNanos(REST.toNanos());
            long late = System.nanoTime() - begun - REST.toNanos();
            synchronized (this) {
                afterRest.add(late);
            }
        }
    }

    @Override
    public void publish(String topic, String value) {
        broker.publish(topic, Payload.of("bench", "Sample", value));
    }

    @Override
    public synchronized String lateness() {
        String told = sinceReceived.count() + " " + missed + " " + sinceReceived.micros(50, 99) + " "
                + sinceSent.micros(50, 99) + " " + afterRest.micros(50, 99);
        sinceReceived.clear();
        afterRest.clear();
        sinceSent.clear();
        missed = 0;
        return told;
    }

    private synchronized void late(long nanosSinceReceived, long nanosSinceSent) {
        sinceReceived.add(nanosSinceReceived - SILENCE.toNanos());
        sinceSent.add(nanosSinceSent - SILENCE.toNanos());
    }

    private synchronized void missed() {
        missed++;
    }

    /** What a topic's listener hears: a command, the safe value, the next command. */
    private final class Episodes {
        private boolean driven;
        private long sentNanos;
        private long receivedNanos;

        void hear(Received<Command> heard) {
            long now = System.nanoTime();
            if (heard.value().equals(SAFE)) {
                if (driven) { // else it follows a command that was too old to be heard
                    late(now - receivedNanos, now - sentNanos);
                }
                driven = false;
            } else {
                if (driven) {
                    missed();
                }
                driven = true;
                sentNanos = heard.value().t() - Frames.TIME_ZERO;
                receivedNanos = now - heard.age().toNanos();
            }
        }
    }
}
