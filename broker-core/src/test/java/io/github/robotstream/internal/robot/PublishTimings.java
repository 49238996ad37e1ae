package io.github.robotstream.internal.robot;

import com.sun.management.ThreadMXBean;
import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.testing.JsonAsItIs;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * Prints what one {@code publish} costs the thread that calls it, and what one message costs the broker thread, which is
 * stepped between the rounds. Not a test: run its main.
 */
final class PublishTimings {
    private static final int ROUNDS = 3_000;
    private static final int WARM_UP = 1_000;
    private static final int CALLS_PER_ROUND = 1_000;
    private static final String JSON = "{\"position\":[0.1234,1.5707,-0.7853,2.3561,0.0,3.1415],"
            + "\"velocity\":[0.01,0.02,0.03,0.0,0.0,0.1],\"stamp\":1764000000123}";

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Six joints of an arm: about 140 bytes of JSON. */
    record Joints(double[] position, double[] velocity, long stamp) {}

    private PublishTimings() {}

    public static void main(String[] args) throws IOException {
        Topic<Double> number = Topic.state("battery_voltage", "float", Double.class);
        Topic<Joints> joints = Topic.state("arm/left/joints", "JointState", Joints.class);
        Topic<String> text = Topic.state("arm/right/joints", "JointState", new JsonAsItIs());
        Joints value = new Joints(
                new double[] {0.1234, 1.5707, -0.7853, 2.3561, 0.0, 3.1415},
                new double[] {0.01, 0.02, 0.03, 0.0, 0.0, 0.1},
                1764000000123L);
        for (int subscribers : new int[] {0, 50}) {
            time("a number", number, 25.125, subscribers);
            time("a record", joints, value, subscribers);
            time("a codec's text", text, JSON, subscribers);
        }
    }

    private static <T> void time(String what, Topic<T> topic, T value, int subscribers) throws IOException {
        BrokerBuilder builder = RobotStreamBroker.builder().withoutNetwork().logSink(LogSink.none());
        try (RobotStreamBroker broker = TestHooks.stepped(builder).start()) {
            for (int i = 0; i < subscribers; i++) {
                broker.input(topic, settings -> settings.queueLimit(16));
            }
            long publishing = Long.MAX_VALUE;
            long stepping = Long.MAX_VALUE;
            long bytes = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long allocated = THREADS.getCurrentThreadAllocatedBytes();
                long began = System.nanoTime();
                for (int i = 0; i < CALLS_PER_ROUND; i++) {
                    broker.publish(topic, value);
                }
                long published = System.nanoTime();
                bytes = Math.min(bytes, THREADS.getCurrentThreadAllocatedBytes() - allocated);
                while (TestHooks.step(broker)) {}
                long stepped = System.nanoTime();
                if (round > WARM_UP) {
                    publishing = Math.min(publishing, published - began);
                    stepping = Math.min(stepping, stepped - published);
                }
            }
            System.out.printf(
                    "%-15s %2d subscribers: publish %5d ns, %5d bytes; broker thread %5d ns%n",
                    what,
                    subscribers,
                    publishing / CALLS_PER_ROUND,
                    bytes / CALLS_PER_ROUND,
                    stepping / CALLS_PER_ROUND);
        }
    }
}
