package io.github.robotstream.examples.robot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ControlLease;
import io.github.robotstream.Sender;
import io.github.robotstream.ServiceCall;
import io.github.robotstream.Subscription;
import io.github.robotstream.TopicListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DockingTest {
    private final Lease lease = new Lease();
    private final Docking docking = new Docking(lease);
    private final DriveBase base = new DriveBase();

    /** A call that ends when a test says so. */
    private static final class Call implements ServiceCall {
        private volatile boolean cancelled;

        @Override
        public Sender caller() {
            return Sender.ROBOT;
        }

        @Override
        public void progress(Object value) {}

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    /** A lease that the robot holds or nobody. */
    private static final class Lease implements ControlLease {
        private volatile Optional<Sender> holder = Optional.empty();

        @Override
        public Optional<Sender> holder() {
            return holder;
        }

        @Override
        public void take() {
            holder = Optional.of(Sender.ROBOT);
        }

        @Override
        public void release() {
            holder = Optional.empty();
        }

        @Override
        public Subscription onChange(TopicListener<Optional<Sender>> listener) {
            throw new UnsupportedOperationException();
        }
    }

    private void driveAway() {
        for (int i = 0; i < 300; i++) {
            base.step(new Twist(0.5, 0.8), 0.01);
        }
        docking.command(base.pose());
    }

    private CompletableFuture<Docking.Docked> dock(Call call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return docking.dock(new Docking.Dock(0.5), call);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    @Timeout(20)
    void theRobotComesBackToWhereItBegan() throws Exception {
        driveAway();
        CompletableFuture<Docking.Docked> docked = dock(new Call());
        while (!docked.isDone()) {
            base.step(docking.command(base.pose()), 0.01);
            Thread.onSpinWait();
        }
        assertThat(docked.get(20, TimeUnit.SECONDS).docked()).isTrue();
        assertThat(Math.hypot(base.pose().x(), base.pose().y())).isLessThan(0.1);
    }

    @Test
    void whenNobodyWaitsAnyMoreItStandsStill() throws Exception {
        driveAway();
        Call call = new Call();
        CompletableFuture<Docking.Docked> docked = dock(call);
        call.cancelled = true;
        assertThat(docked.get(20, TimeUnit.SECONDS).docked()).isFalse();
        assertThat(docking.isActive()).isFalse();
        assertThat(docking.command(base.pose())).isEqualTo(Twist.STOP);
        assertThat(lease.holder()).isEmpty();
    }
}
