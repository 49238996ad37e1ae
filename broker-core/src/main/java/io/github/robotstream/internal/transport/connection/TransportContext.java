package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.HandshakeListener;
import io.github.robotstream.internal.worker.ByteBudget;

/** What all connections of a transport share. */
public record TransportContext(
        Settings settings,
        HandshakeListener listener,
        Tasks tasks,
        WriteBuffers buffers,
        ByteBudget budget,
        UnsentBudget unsent,
        OpenConnections open,
        FaultLog faults) {

    /** Makes what is shared, and has the connections looked after. */
    public static TransportContext begin(Settings settings, HandshakeListener listener, Tasks tasks, FaultLog faults) {
        OpenConnections open = new OpenConnections(settings, tasks::nanoTime);
        new Sweep(settings, tasks, open, faults).begin();
        return new TransportContext(
                settings,
                listener,
                tasks,
                new WriteBuffers(),
                new ByteBudget(settings.halfReceivedBytes),
                new UnsentBudget(settings.unsentBytes, tasks::nanoTime),
                open,
                faults);
    }
}
