package io.github.robotstream.examples.recipes;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import java.io.IOException;

/** A state that everybody on this machine may watch: a late client gets its last value at once. */
public final class QuickStart {
    static final Topic<Double> BATTERY = Topic.state("battery_voltage", "float", Double.class);

    private QuickStart() {}

    /** Starts the broker and tells the battery's voltage once. */
    public static RobotStreamBroker start(int port) throws IOException {
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(port)
                .anonymousAccess(Permissions.none().subscribe("#"))
                .topic(BATTERY, topic -> topic.robotOnly())
                .start();
        broker.publish(BATTERY, 25.1);
        return broker;
    }

    public static void main(String[] args) throws Exception {
        RobotStreamBroker broker = start(Integer.getInteger("port", 8765));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close)); // at SIGTERM clients are told 1001
        broker.awaitClose();
    }
}
