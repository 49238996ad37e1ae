package io.github.robotstream.examples.recipes;

import io.github.robotstream.BrokerListener;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A camera that is on only while somebody looks. */
public final class CameraOnDemand implements BrokerListener, AutoCloseable {
    static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Supplier<byte[]> camera;
    private final CompletableFuture<RobotStreamBroker> broker = new CompletableFuture<>();
    private volatile @Nullable ScheduledFuture<?> pictures;

    /** Starts a broker whose topic {@code camera} has ten pictures a second. */
    public CameraOnDemand(int port, Supplier<byte[]> camera) throws IOException {
        this.camera = camera;
        broker.complete(RobotStreamBroker.builder()
                .port(port)
                .anonymousAccess(Permissions.all())
                .topic(CAMERA, topic -> topic.robotOnly())
                .listener(this)
                .start());
    }

    RobotStreamBroker broker() {
        return broker.join(); // a client may look before start() has returned
    }

    @Override
    public void topicActive(String topic) {
        if (topic.equals(CAMERA.name())) {
            pictures = timer.scheduleAtFixedRate(this::takePicture, 0, 100, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void topicIdle(String topic) {
        ScheduledFuture<?> running = pictures;
        if (topic.equals(CAMERA.name()) && running != null) {
            running.cancel(false);
            pictures = null;
        }
    }

    boolean isOn() {
        return pictures != null;
    }

    private void takePicture() {
        broker().publishOwned(CAMERA, ByteBuffer.wrap(camera.get()));
    }

    @Override
    public void close() {
        broker().close();
        timer.shutdown();
    }

    public static void main(String[] args) throws Exception {
        CameraOnDemand robot = new CameraOnDemand(Integer.getInteger("port", 8765), () -> new byte[10_000]);
        Runtime.getRuntime().addShutdownHook(new Thread(robot::close));
        robot.broker().awaitClose();
    }
}
