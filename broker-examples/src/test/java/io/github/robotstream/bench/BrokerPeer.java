package io.github.robotstream.bench;

import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;

/** This broker as an application uses it, with its default limits. */
final class BrokerPeer implements Peer {
    private static final Topic<ByteBuffer> CAMERA = Topic.binary(Frames.CAMERA, "image/jpeg");

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

    @Override
    public void publishImage(byte[] image) {
        broker.publishOwned(CAMERA, ByteBuffer.wrap(image));
    }
}
