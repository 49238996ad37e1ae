package io.github.robotstream.internal.robot;

import io.github.robotstream.ControlLease;
import io.github.robotstream.Sender;
import io.github.robotstream.Subscription;
import io.github.robotstream.TopicListener;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.routing.Lease;
import java.util.Objects;
import java.util.Optional;

/** Robot code's side of a lease. */
public final class RobotLease implements ControlLease {
    private final Lease lease;
    private final BrokerLoop loop;
    private final RobotSubscriptions subscriptions;

    public RobotLease(Lease lease, BrokerLoop loop, RobotSubscriptions subscriptions) {
        this.lease = lease;
        this.loop = loop;
        this.subscriptions = subscriptions;
    }

    @Override
    public Optional<Sender> holder() {
        return lease.holder();
    }

    @Override
    public void take() {
        loop.execute(lease::take);
    }

    @Override
    public void release() {
        loop.execute(() -> lease.end("revoked"));
    }

    @Override
    public Subscription onChange(TopicListener<Optional<Sender>> listener) {
        Objects.requireNonNull(listener, "listener");
        return subscriptions.listenToLeases(lease::holder, new Changes(lease.holder(), listener));
    }

    /** Passes on what differs from what was heard last: the topic tells of all leases. */
    private static final class Changes implements TopicListener<Optional<Sender>> {
        private Optional<Sender> last;
        private final TopicListener<Optional<Sender>> listener;

        Changes(Optional<Sender> present, TopicListener<Optional<Sender>> listener) {
            this.last = present;
            this.listener = listener;
        }

        @Override
        public void onMessage(Optional<Sender> holder) throws Exception {
            if (!holder.equals(last)) {
                last = holder;
                listener.onMessage(holder);
            }
        }
    }
}
