package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.ArrivalListener;
import io.github.robotstream.internal.transport.TransportSettings;
import io.github.robotstream.internal.transport.frame.InboundBudget;

/** What all connections of a transport share. */
public record TransportContext(
        TransportSettings settings,
        ArrivalListener arrivals,
        Tasks tasks,
        WriteBuffers buffers,
        InboundBudget budget,
        UnsentBudget unsent,
        OpenConnections open,
        FaultLog faults) {

    /** Makes what is shared, and has the connections looked after. */
    public static TransportContext begin(
            TransportSettings settings, ArrivalListener arrivals, Tasks tasks, FaultLog faults) {
        OpenConnections open = new OpenConnections(settings, tasks::nanoTime);
        new Sweep(settings.silence().sweepPeriod(), tasks, open, faults).begin();
        return new TransportContext(
                settings,
                arrivals,
                tasks,
                new WriteBuffers(),
                new InboundBudget(settings.maxHalfReceivedBytes()),
                new UnsentBudget(settings.maxUnsentBytes(), tasks::nanoTime),
                open,
                faults);
    }
}
