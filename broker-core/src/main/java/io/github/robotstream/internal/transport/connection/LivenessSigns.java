package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;
import org.jspecify.annotations.Nullable;

/** What shows that a client is there, noted by the threads that see it, for the {@link Liveness} of its connection. */
final class LivenessSigns implements Liveness.Signs {
    private final Wire wire;
    private final OutboundFrames outbound;
    private volatile boolean heard;
    private volatile boolean reading;
    private @Nullable Liveness liveness; // by the sweep, from its first look on

    LivenessSigns(Wire wire, OutboundFrames outbound) {
        this.wire = wire;
        this.outbound = outbound;
    }

    /** Something has come. */
    void note() {
        if (!heard) { // most often it is: the sweep takes it back only now and then
            heard = true;
        }
    }

    /** What the sweep is to do. */
    Liveness.Verdict judge(long nowNanos, Settings settings) {
        if (liveness == null) {
            liveness = new Liveness(settings, nowNanos);
        }
        return liveness.look(nowNanos, this);
    }

    /** Whether the event loop is to read. */
    void reading(boolean on) {
        reading = on;
        wire.reading(on);
    }

    @Override
    public boolean heard() {
        boolean since = heard;
        heard = false;
        return since;
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public boolean isFull() {
        return outbound.isFull();
    }

    @Override
    public long progress() {
        return outbound.progress();
    }

    @Override
    public boolean isPingOut() {
        return outbound.isPingOut();
    }
}
