package io.github.robotstream.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.testing.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A session that writes down what its connection tells it, and watches that it is told by the rules. */
public class RecordingSession implements ConnectionListener {
    public final Connection connection;
    public final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    public final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
    public final AtomicInteger controlBytes = new AtomicInteger();
    public final AtomicInteger writable = new AtomicInteger();
    public final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    final List<String> faults = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean over;

    public RecordingSession(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void onText(byte[] utf8, long heldNanos) {
        enter("onText");
        texts.add(new String(utf8, StandardCharsets.UTF_8));
        inside.decrementAndGet();
    }

    @Override
    public void onBinary(byte[] bytes, long heldNanos) {
        enter("onBinary");
        binaries.add(bytes);
        inside.decrementAndGet();
    }

    @Override
    public void onControl(int payloadBytes) {
        enter("onControl");
        controlBytes.addAndGet(payloadBytes);
        inside.decrementAndGet();
    }

    @Override
    public void onWritable() {
        writable.incrementAndGet();
    }

    @Override
    public void onClosed(int code, String reason, boolean byPeer) {
        enter("onClosed");
        over = true;
        closed.add(code + " " + reason + (byPeer ? " by peer" : " by us"));
        inside.decrementAndGet();
    }

    private void enter(String callback) {
        boolean alone = inside.incrementAndGet() == 1;
        if (!alone || over) {
            synchronized (faults) {
                faults.add(callback + (over ? " after onClosed" : " beside another"));
            }
        }
    }

    public String nextText() throws InterruptedException {
        return Optional.ofNullable(texts.poll(TestClient.SOON.toMillis(), TimeUnit.MILLISECONDS))
                .orElseThrow(() -> new AssertionError("no message came; closed: " + closed));
    }

    /** Waits for the end, and checks that the rules were kept up to it. */
    public String awaitClosed() throws InterruptedException {
        String how = Optional.ofNullable(closed.poll(TestClient.SOON.toMillis(), TimeUnit.MILLISECONDS))
                .orElseThrow(() -> new AssertionError("onClosed did not come"));
        synchronized (faults) {
            assertThat(faults).isEmpty();
        }
        return how;
    }

    public boolean send(byte[] text) {
        return connection.send(new OneMessage(text));
    }

    public void sendNow(String text) {
        assertThat(send(text.getBytes(StandardCharsets.UTF_8))).isTrue();
    }
}
