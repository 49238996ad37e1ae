package io.github.robotstream;

import java.util.Optional;

/**
 * The lease of a topic, see {@link TopicSettings#leased}: who commands there alone. Any thread.
 *
 * <pre>{@code
 * ControlLease lease = broker.lease(CMD_VEL);
 * lease.onChange(holder -> display.show(holder.map(Sender::name).orElse("nobody")));
 * lease.take();    // the robot drives itself to its dock
 * lease.release();
 * }</pre>
 */
public interface ControlLease {
    /** {@return who holds it, {@link Sender#ROBOT} for robot code; empty if nobody does} */
    Optional<Sender> holder();

    /**
     * Takes it for robot code, whoever holds it, until {@link #release}: clients are refused with {@code lease_held} meanwhile. In the order of
     * the calls to {@code publish}.
     */
    void take();

    /** Ends it, whoever holds it. A client may take it again: to keep it out, {@link #take} it. In the order of the calls to {@code publish}. */
    void release();

    /**
     * Has a listener hear who holds it, from the next change on. Of changes that come faster than it hears them it hears the last.
     *
     * @return the subscription, to {@code $leases}; close it to end it
     * @throws IllegalStateException if the broker is closed
     */
    Subscription onChange(TopicListener<Optional<Sender>> listener);
}
