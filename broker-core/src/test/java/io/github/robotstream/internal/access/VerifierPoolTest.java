package io.github.robotstream.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.internal.loop.BrokerLoop;
import io.github.robotstream.internal.loop.LoopEntrance;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestError;
import io.github.robotstream.internal.transport.AddressRate;
import io.github.robotstream.internal.worker.DaemonThreads;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.testing.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerifierPoolTest {
    private static final ClientPrincipal GUEST = ClientPrincipal.of("guest", Permissions.none());
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock();
    private final BrokerLoop loop = new BrokerLoop(clock, new NothingComesIn(), 0, fault -> {});
    private final AccessContext context = new AccessContext(
            clock,
            loop,
            new DenyList(clock),
            new AddressRate(10, 10, nobody -> false, clock::nanoTime),
            entry -> {},
            (what, cause) -> {});
    private final DaemonThreads daemons = new DaemonThreads("verify");
    private final List<String> refusals = new ArrayList<>();
    private final VerifierPool pool = new VerifierPool(context, daemons, () -> {});

    private static final class NothingComesIn implements LoopEntrance {
        @Override
        public void offer(Runnable command) {}

        @Override
        public int take() {
            return 0;
        }

        @Override
        public void takeOverflow(int most) {}

        @Override
        public boolean isUrgent() {
            return false;
        }

        @Override
        public boolean isEmpty() {
            return true;
        }

        @Override
        public void close() {}
    }

    private NewerToken token() {
        AccessRequest access = new AccessRequest(
                Optional.of("secret"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
                "/wss",
                Optional.empty());
        Request.Auth request = new Request.Auth(Optional.empty(), "secret");
        return new NewerToken(request, access, GUEST, context, new TokenJudge.Listener() {
            @Override
            public void renewed(ClientPrincipal principal) {}

            @Override
            public void notRenewed(RequestError error, Optional<String> detail) {
                refusals.add(error.code().word());
            }
        });
    }

    @AfterEach
    void endPool() {
        pool.close();
        daemons.awaitEnd(SOON);
    }

    @Test
    void aCheckIsUnderWayUntilAllIsDoneThatFollowsFromItsVerdict() throws InterruptedException {
        CountDownLatch judged = new CountDownLatch(1);
        CountDownLatch letIn = new CountDownLatch(1);
        assertThat(pool.isIdle()).isTrue();
        pool.begin(token(), () -> {
            judged.countDown();
            awaitQuietly(letIn);
        });
        assertThat(pool.isIdle()).isFalse();
        assertThat(judged.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(pool.isIdle()).isFalse();
        letIn.countDown();
        pool.close();
        daemons.awaitEnd(SOON);
        assertThat(pool.isIdle()).isTrue();
    }

    @Test
    void aCheckThatFindsNoThreadIsNotUnderWay() {
        pool.close();
        pool.begin(token(), () -> {});
        assertThat(pool.isIdle()).isTrue();
        assertThat(refusals).hasSize(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
