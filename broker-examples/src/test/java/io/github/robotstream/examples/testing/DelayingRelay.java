package io.github.robotstream.examples.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A TCP relay on the loopback address that hands on each byte so much later, both ways, and limits no rate. */
public final class DelayingRelay implements AutoCloseable {
    private static final ThreadFactory DAEMONS = body -> {
        Thread thread = new Thread(body, "delaying-relay");
        thread.setDaemon(true);
        return thread;
    };

    private final int target;
    private final long delayNanos;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool(DAEMONS);

    /** Relays to a port of the loopback address. */
    public DelayingRelay(int target, Duration oneWay) throws IOException {
        this.target = target;
        this.delayNanos = oneWay.toNanos();
        threads.execute(this::accept);
    }

    /** Where it listens. */
    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket robot = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                robot.setTcpNoDelay(true);
                threads.execute(() -> handOn(client, robot));
                threads.execute(() -> handOn(robot, client));
            }
        } catch (IOException closed) {
            // by close
        }
    }

    /** One side's end, however it comes, is the other's: nothing that a test asks for is on the way then. */
    private void handOn(Socket from, Socket to) {
        ScheduledExecutorService way = Executors.newSingleThreadScheduledExecutor(DAEMONS);
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[1 << 16];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                byte[] bytes = Arrays.copyOf(chunk, length);
                Future<?> unused = way.schedule( // who has gone is noticed by the other direction
                        () -> {
                            out.write(bytes);
                            return null;
                        },
                        delayNanos,
                        TimeUnit.NANOSECONDS);
            }
        } catch (IOException gone) {
            // then both are closed
        } finally {
            way.shutdownNow();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdown();
    }
}
