package io.github.robotstream.internal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import io.github.robotstream.testing.Thrown;
import io.github.robotstream.testing.Witness;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a verifier throws keeps one client out for the moment, is told, and the broker serves on. */
class ThrowingVerifierTest {
    private final FakeSink sink = new FakeSink();
    private final AtomicBoolean failing = new AtomicBoolean(true);

    private void failOnce(Thrown thrown) {
        if (failing.compareAndSet(true, false)) {
            thrown.<RuntimeException>hurl();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aVerifier(Thrown thrown) throws Exception {
        TokenVerifier verifier = request -> {
            failOnce(thrown);
            return ClientPrincipal.of("operator", Permissions.all());
        };
        getsInAtTheSecondTry(verifier);
    }

    @ParameterizedTest
    @EnumSource
    void aVerifierWithoutAPool(Thrown thrown) throws Exception {
        getsInAtTheSecondTry(new TokenVerifier() {
            @Override
            public ClientPrincipal verify(AccessRequest request) {
                failOnce(thrown);
                return ClientPrincipal.of("operator", Permissions.all());
            }

            @Override
            public boolean mayBlock() {
                return false;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aVerifierThatDoesNotKnowWhetherItBlocks(Thrown thrown) throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        getsInAtTheSecondTry(new TokenVerifier() {
            @Override
            public ClientPrincipal verify(AccessRequest request) {
                failOnce(thrown);
                return ClientPrincipal.of("operator", Permissions.all());
            }

            @Override
            public boolean mayBlock() {
                asked.set(true);
                thrown.<RuntimeException>hurl();
                return false;
            }
        });
        assertThat(asked).isTrue();
    }

    @Test
    void aVerifierThatReturnsNothing() throws Exception {
        getsInAtTheSecondTry(request ->
                failing.compareAndSet(true, false) ? null : ClientPrincipal.of("operator", Permissions.all()));
    }

    private void getsInAtTheSecondTry(TokenVerifier verifier) throws Exception {
        BrokerBuilder verifying =
                RobotStreamBroker.builder().port(0).tokenVerifier(verifier).logSink(sink);
        try (RobotStreamBroker broker = verifying.start();
                TestClient refused = SocketTestClient.to(broker.address()).requestUpgrade()) {
            assertThat(refused.status()).isEqualTo(503);
            try (Witness witness = new Witness(broker)) {
                witness.seesRounds(5);
            }
            await().untilAsserted(() -> assertThat(sink.events()).contains("verifier_failed", "client_refused"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aVerifiersIOException(Thrown cause) throws Exception {
        TokenVerifier verifier = request -> {
            if (failing.compareAndSet(true, false)) {
                throw new IOException("the provider is down", cause.make());
            }
            return ClientPrincipal.of("operator", Permissions.all());
        };
        getsInAtTheSecondTry(verifier);
    }
}
