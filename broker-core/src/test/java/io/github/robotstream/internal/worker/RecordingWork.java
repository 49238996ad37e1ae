package io.github.robotstream.internal.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Work that remembers what it was told; a text that begins with its first one's letter joins it. */
final class RecordingWork implements Work<String> {
    interface Call {
        void run(List<String> batch) throws Exception;
    }

    private final List<String> told = new ArrayList<>();
    private Call onRun = batch -> {};
    private Call onEnd = batch -> {};
    private Callable<Long> onIdle = () -> Long.MAX_VALUE;

    RecordingWork onRun(Call call) {
        onRun = call;
        return this;
    }

    RecordingWork onIdle(Callable<Long> call) {
        onIdle = call;
        return this;
    }

    RecordingWork onEnd(Call call) {
        onEnd = call;
        return this;
    }

    /** A call that tells when it has begun and stands still until it is let go; interrupts end it. */
    static Call stuck(CountDownLatch begun, CountDownLatch letGo) {
        return batch -> {
            begun.countDown();
            letGo.await();
        };
    }

    /** A call that stands still until it is let go, whatever interrupts it. */
    static Call stuckDeaf(CountDownLatch begun, CountDownLatch letGo) {
        return batch -> {
            begun.countDown();
            while (letGo.getCount() > 0) {
                try {
                    letGo.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    // deaf
                }
            }
        };
    }

    synchronized void tell(String what) {
        told.add(what);
    }

    synchronized List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public boolean joins(String first, String next) {
        return first.charAt(0) == next.charAt(0);
    }

    @Override
    public void run(List<String> batch) throws Exception {
        tell("run " + batch);
        onRun.run(batch);
    }

    @Override
    public long idle() throws Exception {
        return onIdle.call();
    }

    @Override
    public void failed(List<String> batch, Throwable cause) {
        tell("failed " + batch + " " + cause.getMessage());
    }

    @Override
    public void abandoned(List<String> items) {
        tell("abandoned " + items);
    }

    @Override
    public void end() throws Exception {
        tell("end");
        onEnd.run(List.of());
    }
}
