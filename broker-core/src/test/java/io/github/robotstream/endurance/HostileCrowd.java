package io.github.robotstream.endurance;

import io.github.robotstream.testing.SocketTestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Hostile clients of all kinds at once, each on a thread of its own; who is sent away comes back. */
final class HostileCrowd implements AutoCloseable {
    private final Supplier<SocketTestClient.Request> request;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private final Map<Hostility, AtomicInteger> deeds = new ConcurrentHashMap<>();
    private volatile boolean over;

    /**
     * Nobody yet.
     *
     * @param request how one gets in with a good token
     */
    HostileCrowd(Supplier<SocketTestClient.Request> request) {
        this.request = request;
    }

    /** Lets so many come, as many of one kind as of another. */
    void come(int clients, Hostility... kinds) {
        for (Hostility kind : kinds) {
            deeds.put(kind, new AtomicInteger());
        }
        for (int i = 0; i < clients; i++) {
            One one = new One(kinds[i % kinds.length], i / kinds.length);
            Thread thread = new Thread(one::live, "hostile-" + one.kind + "-" + one.number);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** Whether clients of each kind have done what they do so many times. */
    boolean haveDone(int each) {
        return deeds.values().stream().allMatch(deed -> deed.get() >= each);
    }

    /** All vanish. */
    @Override
    public void close() {
        over = true;
        while (!open.isEmpty() || threads.stream().anyMatch(Thread::isAlive)) {
            for (AutoCloseable one : open) {
                vanish(one);
            }
            LockSupport.parkNanos(this, 1_000_000);
        }
    }

    private void vanish(AutoCloseable one) {
        open.remove(one);
        try {
            one.close();
        } catch (Exception gone) {
            // that is what was wanted
        }
    }

    /** One of the crowd, as its kind sees it. */
    final class One {
        private final Hostility kind;
        private final int number;
        private final List<AutoCloseable> own = new ArrayList<>();

        One(Hostility kind, int number) {
            this.kind = kind;
            this.number = number;
        }

        private void live() {
            while (!over) {
                try {
                    kind.live(this);
                } catch (IOException | UncheckedIOException | AssertionError sentAway) {
                    // and comes back
                } finally {
                    leave();
                }
                pause(20);
            }
        }

        private void leave() {
            own.forEach(HostileCrowd.this::vanish);
            own.clear();
        }

        int number() {
            return number;
        }

        boolean goesOn() {
            return !over;
        }

        /** Did it once more. */
        void done() {
            deeds.get(kind).incrementAndGet();
        }

        SocketTestClient.Request request() {
            return request.get().receiveBuffer(16 * 1024);
        }

        SocketTestClient connect() throws IOException {
            return opened(request().connect());
        }

        /** A session that reads nothing. */
        SocketTestClient connectDeaf() throws IOException {
            SocketTestClient client = connect();
            client.stopReading();
            return client;
        }

        Socket socket(SocketTestClient.Request request) throws IOException {
            return opened(request.socket());
        }

        <T extends AutoCloseable> T opened(T one) {
            own.add(one);
            open.add(one);
            return one;
        }

        void pause(long millis) {
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }
}
