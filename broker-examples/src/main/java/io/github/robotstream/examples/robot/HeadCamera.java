package io.github.robotstream.examples.robot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.robotstream.BrokerListener;
import io.github.robotstream.RobotStreamBroker;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a camera in the robot's head sees: a floor of tiles and three things that stand on it. It draws on a thread of its own, so that
 * the control loop does not wait for it. The broker starts it when somebody looks, and stops it when nobody does any more: it is the broker's
 * listener.
 */
public final class HeadCamera implements BrokerListener {
    static final int WIDTH = 320;
    static final int HEIGHT = 180;

    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final int HORIZON = 70;
    private static final double FOCAL = 200; // px
    private static final double EYE = 0.9; // m above the floor
    private static final int SHADES = 32;
    private static final int LIGHT = 0;
    private static final int DARK = SHADES;
    private static final int SKY = 2 * SHADES;
    private static final int THINGS = 3 * SHADES;

    /** Where a thing stands, in m, how wide and high it is, and its colour. */
    private record Thing(double x, double y, double width, double height, int color) {}

    private static final List<Thing> IN_THE_ROOM = List.of(
            new Thing(6, 2.2, 0.9, 2.0, 0x8a5a3c), // a door
            new Thing(4, -1.2, 0.5, 1.7, 0xd9534f), // a person
            new Thing(3, 0.6, 0.4, 0.35, 0x2fa866)); // the charger

    private volatile Pose eye = new Pose(0, 0, 0);
    private volatile @Nullable RobotStreamBroker screen;
    private volatile @Nullable ControlLoop film;

    /** Where it shows what it sees, from now on: the broker that it listens to, which is there later than its listener. */
    void showOn(RobotStreamBroker broker) {
        screen = broker;
    }

    /** From where it looks now, and whereto. */
    void lookFrom(Pose body, double yaw) {
        eye = new Pose(body.x(), body.y(), body.heading() + yaw);
    }

    @Override
    public void topicActive(String topic) {
        if (topic.equals(RobotTopics.CAMERA.name())) {
            ControlLoop loop = new ControlLoop(PERIOD);
            film = loop;
            Thread thread = new Thread(() -> loop.run(this::step), "head-camera");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Also when the broker is closed. */
    @Override
    public void topicIdle(String topic) {
        ControlLoop loop = film;
        if (loop != null && topic.equals(RobotTopics.CAMERA.name())) {
            loop.stop();
            film = null;
        }
    }

    boolean isOn() {
        return film != null;
    }

    private void step() {
        RobotStreamBroker broker = screen;
        if (broker != null) {
            broker.publishOwned(RobotTopics.CAMERA, ByteBuffer.wrap(png(picture(eye))));
        }
    }

    /** Indices into the palette, row by row. */
    static byte[] picture(Pose eye) {
        byte[] pixels = new byte[WIDTH * HEIGHT];
        double cos = Math.cos(eye.heading());
        double sin = Math.sin(eye.heading());
        for (int row = 0; row < HEIGHT; row++) {
            double ahead = row > HORIZON ? EYE * FOCAL / (row - HORIZON) : Double.POSITIVE_INFINITY;
            int shade = (int)
                    Math.min(SHADES - 1, row > HORIZON ? ahead * 2.5 : (HORIZON - row) * SHADES / (double) HORIZON);
            for (int column = 0; column < WIDTH; column++) {
                int color = SKY + shade;
                if (row > HORIZON) {
                    double left = (WIDTH / 2.0 - column) * ahead / FOCAL;
                    long tileX = (long) Math.floor(eye.x() + ahead * cos - left * sin);
                    long tileY = (long) Math.floor(eye.y() + ahead * sin + left * cos);
                    color = ((tileX + tileY) & 1) == 0 ? LIGHT + shade : DARK + shade;
                }
                pixels[row * WIDTH + column] = (byte) color;
            }
        }
        for (int i = 0; i < IN_THE_ROOM.size(); i++) {
            draw(pixels, IN_THE_ROOM.get(i), THINGS + i, eye, cos, sin);
        }
        return pixels;
    }

    private static void draw(byte[] pixels, Thing thing, int color, Pose eye, double cos, double sin) {
        double dx = thing.x() - eye.x();
        double dy = thing.y() - eye.y();
        double ahead = dx * cos + dy * sin;
        if (ahead < 0.3) {
            return;
        }
        double scale = FOCAL / ahead;
        double middle = WIDTH / 2.0 - (dy * cos - dx * sin) * scale;
        int bottom = (int) (HORIZON + EYE * scale);
        int top = (int) (bottom - thing.height() * scale);
        int from = (int) Math.max(0, middle - thing.width() * scale / 2);
        int to = (int) Math.min(WIDTH, middle + thing.width() * scale / 2);
        for (int row = Math.max(0, top); row < Math.min(HEIGHT, bottom); row++) {
            for (int column = from; column < to; column++) {
                pixels[row * WIDTH + column] = (byte) color;
            }
        }
    }

    /** With one byte a pixel that names a colour (PNG, third edition, section 11.2). */
    static byte[] png(byte[] pixels) {
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream(16_384);
            file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
            chunk(
                    file,
                    "IHDR",
                    ByteBuffer.allocate(13)
                            .putInt(WIDTH)
                            .putInt(HEIGHT)
                            .put(new byte[] {8, 3, 0, 0, 0})
                            .array());
            chunk(file, "PLTE", palette());
            ByteArrayOutputStream data = new ByteArrayOutputStream(16_384);
            Deflater fast = new Deflater(Deflater.BEST_SPEED);
            try (DeflaterOutputStream rows = new DeflaterOutputStream(data, fast)) {
                for (int row = 0; row < HEIGHT; row++) {
                    rows.write(0); // no filter
                    rows.write(pixels, row * WIDTH, WIDTH);
                }
            } finally {
                fast.end();
            }
            chunk(file, "IDAT", data.toByteArray());
            chunk(file, "IEND", new byte[0]);
            return file.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void chunk(ByteArrayOutputStream file, String name, byte[] data) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(name.getBytes(US_ASCII));
        sum.update(data);
        DataOutputStream out = new DataOutputStream(file);
        out.writeInt(data.length);
        out.write(name.getBytes(US_ASCII));
        out.write(data);
        out.writeInt((int) sum.getValue());
    }

    /** Tiles that fade into the distance, the wall above, the things. */
    private static byte[] palette() {
        ByteBuffer colors = ByteBuffer.allocate(3 * (THINGS + IN_THE_ROOM.size()));
        for (int[] ends : new int[][] {{0xcfd6df, 0x9aa6b5}, {0x54647a, 0x8795a8}, {0x9aa6b5, 0x3c4a5e}}) {
            for (int i = 0; i < SHADES; i++) {
                for (int shift = 16; shift >= 0; shift -= 8) {
                    int near = ends[0] >> shift & 0xff;
                    int far = ends[1] >> shift & 0xff;
                    colors.put((byte) (near + (far - near) * i / SHADES));
                }
            }
        }
        for (Thing thing : IN_THE_ROOM) {
            colors.put((byte) (thing.color() >> 16))
                    .put((byte) (thing.color() >> 8))
                    .put((byte) thing.color());
        }
        return colors.array();
    }
}
