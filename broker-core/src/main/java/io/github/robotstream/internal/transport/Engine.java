package io.github.robotstream.internal.transport;

/** What all connections of a transport share. */
record Engine(
        TransportSettings settings,
        GateRules rules,
        ArrivalListener arrivals,
        Tasks tasks,
        WriteBuffers buffers,
        InboundBudget budget,
        Relief relief,
        OpenConnections open,
        Sweep sweep,
        FaultLog faults) {}
