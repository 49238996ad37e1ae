package io.github.robotstream.internal.robot;

import io.github.robotstream.ControlLease;
import io.github.robotstream.Publisher;
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
    public Optional<Publisher> holder() {
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
    public Subscription onChange(TopicListener<Optional<Publisher>> listener) {
        Objects.requireNonNull(listener, "listener");
        return subscriptions.listenToLeases(lease::holder, new Changes(lease.holder(), listener));
    }

    /** Passes on what differs from what was heard last: the topic tells of all leases. */
    private static final class Changes implements TopicListener<Optional<Publisher>> {
        private Optional<Publisher> last;
        private final TopicListener<Optional<Publisher>> listener;

        Changes(Optional<Publisher> present, TopicListener<Optional<Publisher>> listener) {
            this.last = present;
            this.listener = listener;
        }

        @Override
        public void onMessage(Optional<Publisher> holder) throws Exception {
            if (!holder.equals(last)) {
                last = holder;
                listener.onMessage(holder);
            }
        }
    }
}
