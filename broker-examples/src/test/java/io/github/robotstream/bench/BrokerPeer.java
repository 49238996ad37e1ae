package io.github.robotstream.bench;

import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import java.io.IOException;

/** This broker as an application uses it, with its default limits. */
final class BrokerPeer implements Peer {
    private RobotStreamBroker broker; // ends with the process

    @Override
    public int start() throws IOException {
        broker = RobotStreamBroker.builder()
                .port(0)
                .anonymousAccess(Permissions.all())
                .start();
        return broker.address().getPort();
    }

    @Override
    public void publish(String topic, String value) {
        broker.publish(topic, Payload.of("bench", "Sample", value));
    }
}
