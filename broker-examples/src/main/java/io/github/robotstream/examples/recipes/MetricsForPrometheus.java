package io.github.robotstream.examples.recipes;

import io.github.robotstream.BrokerStats;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import java.io.IOException;

/** The broker's numbers: for Prometheus at {@code http://127.0.0.1:8765/metrics}, and in Java by {@link BrokerStats}. */
public final class MetricsForPrometheus {
    private MetricsForPrometheus() {}

    /** Starts a broker whose numbers everybody on this machine may read. */
    public static RobotStreamBroker start(int port) throws IOException {
        return RobotStreamBroker.builder()
                .port(port)
                .anonymousAccess(Permissions.none()
                        .subscribe("$stats", "#")) // the right that /metrics wants, and the topics of which it tells
                .start();
    }

    public static void main(String[] args) throws Exception {
        RobotStreamBroker broker = start(Integer.getInteger("port", 8765));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        BrokerStats stats = broker.stats();
        System.out.println(stats.published() + " messages, " + stats.dropped() + " lost");
        broker.awaitClose();
    }
}
