package io.github.robotstream.jwt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gets a document over HTTP within bounds of bytes and time, however slowly single bytes drip in; two fetches at once at most.
 * Follows no redirect, which could lead to where keys must not come from.
 */
final class KeySetFetch {
    static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_AT_ONCE = 2;
    private static final int OK = 200;

    private final URI address;
    private final Duration limit;
    /** Not the pool bounds them: a thread of it that has answered is not free for the next at that moment. */
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), KeySetFetch::daemon);

    KeySetFetch(URI address, Duration limit) {
        this.address = address;
        this.limit = limit;
    }

    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "robotstream-keys");
        thread.setDaemon(true);
        return thread;
    }

    /** Gets the document; waits no longer than the limit. What it throws is without the query of the address. */
    byte[] get() throws IOException {
        URLConnection opened = address.toURL().openConnection();
        if (!(opened instanceof HttpURLConnection connection)) {
            throw new IOException("its address is neither http nor https");
        }
        Exchange exchange = new Exchange(connection, limit);
        Future<byte[]> answer = begin(exchange);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw tooLong(limit);
        } catch (ExecutionException e) {
            throw new IOException(text(Objects.requireNonNull(e.getCause())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the thread was interrupted while it waited for it");
        } finally {
            exchange.cutOff();
        }
    }

    private static IOException tooLong(Duration limit) {
        return new IOException("it took longer than " + limit.toMillis() + " ms");
    }

    private Future<byte[]> begin(Exchange exchange) throws IOException {
        if (!places.tryAcquire()) {
            throw new IOException(MAX_AT_ONCE + " requests for it are under way and get no answer");
        }
        try {
            return threads.submit(() -> {
                try {
                    return exchange.call();
                } finally {
                    places.release(); // before the answer is there, so that the next finds it free
                }
            });
        } catch (Throwable noThread) {
            places.release();
            throw noThread;
        }
    }

    /** One request and its answer. Its reads end at the limit each, so all of it ends soon after. */
    private static final class Exchange implements Callable<byte[]> {
        private final HttpURLConnection connection;
        private final Duration limit;
        private final long begin = System.nanoTime();
        private volatile boolean headIsRead;

        Exchange(HttpURLConnection connection, Duration limit) {
            this.connection = connection;
            this.limit = limit;
        }

        @Override
        public byte[] call() throws IOException {
            try {
                head();
                return body();
            } finally {
                connection.disconnect();
            }
        }

        private void head() throws IOException {
            int millis = Math.toIntExact(limit.toMillis());
            connection.setConnectTimeout(millis);
            connection.setReadTimeout(millis);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setRequestProperty("Accept", "application/jwk-set+json, application/json");
            connection.setRequestProperty("Connection", "close");
            int status = connection.getResponseCode();
            headIsRead = true;
            if (status != OK) {
                throw new IOException(
                        "HTTP status " + status + (status / 100 == 3 ? ": redirects are not followed" : ""));
            }
        }

        private byte[] body() throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] block = new byte[8 * 1024];
            InputStream in = connection.getInputStream();
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                body.write(block, 0, read);
                if (body.size() > MAX_BYTES) {
                    throw new IOException("it has more than " + MAX_BYTES + " bytes");
                }
                if (System.nanoTime() - begin > limit.toNanos()) {
                    throw tooLong(limit);
                }
            }
            return body.toByteArray();
        }

        /** Closes the socket under a head that drips in, which the JDK reads whole; for a body it might have to wait. */
        void cutOff() {
            if (!headIsRead) {
                connection.disconnect();
            }
        }
    }

    /** What the JDK says may hold the whole address, and that a key to the provider's API in its query. */
    private static String text(Throwable fault) {
        String message = String.valueOf(fault.getMessage());
        if (fault.getClass() == IOException.class && !message.contains("://")) {
            return message;
        }
        return fault.getClass().getSimpleName() + (message.contains("://") ? "" : ": " + message);
    }
}
