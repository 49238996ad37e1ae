package io.github.robotstream.internal.transport.jws;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.settings.TestSettings;
import io.github.robotstream.testing.Parent;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Takes all the threads that the system gives, and starts a transport with none left, with one left, and so on. Prints how many starts
 * failed, and what they left behind, and whether one with enough of them succeeds.
 */
final class ThreadShortageProgram {
    /** Those of a transport without TLS: tasks, two decoders, selector, acceptor. */
    static final int THREADS = 5;

    private static final String SLEEPER = "sleeper";
    private static final Deque<Sleeper> SLEEPERS = new ArrayDeque<>();

    private static final class Sleeper extends Thread {
        private volatile boolean awake;

        @Override
        public void run() {
            while (!awake) {
                LockSupport.park(this);
            }
        }

        Sleeper() {
            super(SLEEPER);
        }

        void end() throws InterruptedException {
            awake = true;
            LockSupport.unpark(this);
            join();
        }
    }

    public static void main(String[] args) throws Exception {
        Settings any = TestSettings.anyPort();
        JwsTransport.bind(any, Optional.empty(), handshake -> {}).close(TestClient.SOON); // the classes are there
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Settings settings = TestSettings.anyPort(changed -> changed.port = port);
        int failed = 0;
        int threadsLeft = 0;
        int portsLeft = 0;
        for (int free = 0; free < THREADS; free++) {
            takeAll();
            for (int i = 0; i < free; i++) {
                SLEEPERS.pop().end();
            }
            awaitNativeEnds();
            int before = Thread.activeCount();
            try {
                JwsTransport.bind(settings, Optional.empty(), handshake -> {}).close(TestClient.SOON);
            } catch (IOException none) {
                failed += none.getMessage().contains("threads") ? 1 : 0;
            }
            threadsLeft += Thread.activeCount() - before;
            try (ServerSocket again = new ServerSocket()) {
                again.setReuseAddress(true);
                again.bind(new InetSocketAddress(settings.host, settings.port));
            } catch (IOException taken) {
                portsLeft++;
            }
        }
        while (!SLEEPERS.isEmpty()) {
            SLEEPERS.pop().end();
        }
        Parent.tell("failed", failed);
        Parent.tell("threadsLeft", Math.abs(threadsLeft));
        Parent.tell("portsLeft", portsLeft);
        JwsTransport.bind(settings, Optional.empty(), handshake -> {}).close(TestClient.SOON);
        Parent.tell("started", 1);
    }

    /** A thread's stack is the system's again only some time after the thread has ended for Java. */
    private static void awaitNativeEnds() throws IOException {
        while (nativeThreads("robotstream") > 0 || nativeThreads(SLEEPER) > SLEEPERS.size()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static long nativeThreads(String name) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(task -> nameOf(task).startsWith(name)).count();
        }
    }

    private static String nameOf(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException ended) {
            return "";
        }
    }

    private static void takeAll() throws IOException {
        awaitNativeEnds();
        try {
            while (true) {
                Sleeper sleeper = new Sleeper();
                sleeper.start();
                SLEEPERS.push(sleeper);
            }
        } catch (OutOfMemoryError none) {
            // as wanted
        }
    }
}
