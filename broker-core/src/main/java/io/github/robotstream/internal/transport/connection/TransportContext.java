package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.settings.Settings;
import io.github.robotstream.internal.transport.ArrivalListener;
import io.github.robotstream.internal.transport.frame.InboundBudget;
import io.github.robotstream.internal.transport.gate.GateRules;

/** What all connections of a transport share. */
public record TransportContext(
        Settings settings,
        GateRules rules,
        ArrivalListener arrivals,
        Tasks tasks,
        WriteBuffers buffers,
        InboundBudget budget,
        LoadShedder loadShedder,
        OpenConnections open,
        Sweep sweep,
        FaultLog faults) {}
