package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Permissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BrokerUnderTestTest {
    private static final int MORE_THAN_ARE_READ_AT_ONCE = 5_000;

    @Test
    void whatIsAwaitedInVainIsToldAlsoAfterItsClientIsReadNoMore() throws Exception {
        try (BrokerUnderTest test =
                new BrokerUnderTest(Way.IN_MEMORY, settings -> settings.anonymousAccess(Permissions.all()))) {
            ContractClient client = test.connect();
            test.patience = Duration.ofMillis(50);
            AtomicInteger looks = new AtomicInteger();
            assertThatThrownBy(() -> test.awaitThat(() -> {
                        assertThat(looks.incrementAndGet()).as("looks").isGreaterThan(1);
                        for (int i = 0; i < MORE_THAN_ARE_READ_AT_ONCE; i++) {
                            client.send(ProtocolContract.message("pose", "1"));
                        }
                        test.settle();
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("looks");
        }
    }
}
