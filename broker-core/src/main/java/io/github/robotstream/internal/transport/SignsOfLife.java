package io.github.robotstream.internal.transport;

import java.util.Optional;

/** What shows that a client is there, noted by the threads that see it, for the {@link Liveness} of its connection. */
final class SignsOfLife implements Liveness.Signs {
    private final Wire wire;
    private final OutboundLane outbound;
    private final Silence limits;
    private Optional<Liveness> liveness = Optional.empty(); // by the sweep, from its first look on
    private volatile boolean heard;
    private volatile boolean reading;

    SignsOfLife(Wire wire, OutboundLane outbound, Silence limits) {
        this.wire = wire;
        this.outbound = outbound;
        this.limits = limits;
    }

    /** What follows from them. Thread of the sweep. */
    Liveness.Verdict look(long nowNanos) {
        if (liveness.isEmpty()) {
            liveness = Optional.of(new Liveness(limits, nowNanos));
        }
        return liveness.get().look(nowNanos, this);
    }

    /** Something has come. */
    void note() {
        if (!heard) { // most often it is: the sweep takes it back only now and then
            heard = true;
        }
    }

    /** Whether the engine is to read. */
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
