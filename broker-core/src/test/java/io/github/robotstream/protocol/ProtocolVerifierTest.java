package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.testing.FakeSink;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients see of a verifier that blocks, fails, or lets somebody in for a while only. */
class ProtocolVerifierTest extends ProtocolContract {
    private static final Map<String, String> FROM_A_PAGE = Map.of("Origin", "null");

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
    }

    /** Lets everybody in who is called operator; what becomes of others the test says. */
    private void startWith(TokenVerifier others) throws IOException {
        startWith(LogSink.none(), others);
    }

    private void startWith(LogSink sink, TokenVerifier others) throws IOException {
        startGuarded(settings -> settings.logSink(sink).tokenVerifier(request -> {
            return isOperator(request) ? ClientPrincipal.of("operator", Permissions.all()) : others.verify(request);
        }));
    }

    private static boolean isOperator(AccessRequest request) {
        return request.token().orElse("").equals("operator");
    }

    private ClientPrincipal blocks(AccessRequest request) {
        entered.countDown();
        boolean wasInterrupted = false;
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        return ClientPrincipal.of("late", Permissions.all());
    }

    private ContractClient operator() throws IOException {
        return test.connect("token=operator");
    }

    private void awaitEntered() throws InterruptedException {
        assertThat(entered.await(TestClient.SOON.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }

    private static void assertToldToComeBack(ContractClient client) {
        assertThat(client.closeCode()).isEqualTo(1013);
        assertThat(client.closeReason()).startsWith("overloaded retry_after_ms=2000");
    }

    @Test
    void aVerifierThatBlocksDelaysNobodyElse() throws Exception {
        startWith(this::blocks);
        ContractClient present = operator().send(subscribe("pose"));
        test.requestUpgrade("token=slow", FROM_A_PAGE);
        awaitEntered();

        ContractClient publisher = operator();
        publisher.send(message("pose", "1"));

        assertThat(present.frame()).isEqualTo(message("pose", "1"));
    }

    @Test
    void afterFiveSecondsWhoWaitsForAVerifierIsToldToComeBack() throws Exception {
        startWith(this::blocks);
        ContractClient slow = test.requestUpgrade("token=slow", FROM_A_PAGE);
        awaitEntered();

        test.advance(Duration.ofMillis(4_999));
        assertThat(test.broker().sessions()).isEmpty();
        test.advance(Duration.ofMillis(1));

        assertToldToComeBack(slow);
    }

    @Test
    void whoIsLetInWithinFiveSecondsIsIn() throws Exception {
        startWith(this::blocks);
        ContractClient slow = test.requestUpgrade("token=slow", FROM_A_PAGE);
        awaitEntered();
        test.advance(Duration.ofMillis(4_999));

        released.countDown();

        slow.expectsVerdict().hearsNothing();
        test.advance(Duration.ofSeconds(10));
        slow.hearsNothing();
    }

    @Test
    void aVerdictThatComesTooLateIsThrownAwayAndTheRefusalToldOnce() throws Exception {
        startWith(this::blocks);
        ContractClient slow = test.requestUpgrade("token=slow", FROM_A_PAGE);
        awaitEntered();
        test.advance(Duration.ofSeconds(5));
        assertToldToComeBack(slow);

        released.countDown();

        ContractClient logs = operator().send(subscribe("server_logs"));
        assertThat(logs.frames())
                .filteredOn(entry -> entry.contains("client_refused"))
                .hasSize(1);
        assertThat(test.broker().sessions()).hasSize(1);
        test.advance(Duration.ofSeconds(6));
        assertThat(logs.frames()).noneMatch(entry -> entry.contains("client_refused"));
    }

    @Test
    void aVerifierThatCannotJudgeOrFailsSendsClientsAwayToComeBack() throws Exception {
        FakeSink sink = new FakeSink();
        startWith(sink, request -> {
            switch (request.token().orElse("")) {
                case "offline-token" -> throw new IOException("10.0.0.7 gives no answer about offline-token");
                case "null-token" -> {
                    return null;
                }
                case "error-token" -> throw new StackOverflowError("error-token");
                default -> throw new IllegalStateException("fault-token");
            }
        });
        ContractClient logs = operator().send(subscribe("server_logs"));
        List<String> told = new ArrayList<>();
        assertToldToComeBack(test.requestUpgrade("token=offline-token", FROM_A_PAGE));
        test.awaitThat(() -> {
            told.addAll(logs.frames());
            assertThat(told).anyMatch(entry -> entry.contains("verifier_failed"));
        });
        for (String token : new String[] {"null-token", "error-token", "fault-token"}) {
            assertToldToComeBack(test.requestUpgrade("token=" + token, FROM_A_PAGE));
        }

        told.addAll(logs.frames());
        assertThat(told)
                .noneMatch(entry -> entry.contains("-token"))
                .filteredOn(entry -> entry.contains("verifier_failed"))
                .singleElement()
                .asString()
                .contains(json("'level':'ERROR','severity':17"))
                .contains("the verifier cannot judge tokens now")
                .doesNotContain("no answer", "10.0.0.7");
        test.awaitThat(() -> assertThat(sink.entries())
                .filteredOn(entry -> entry.event().equals("verifier_failed"))
                .first()
                .satisfies(entry -> assertThat(entry.detail())
                        .hasValue("java.io.IOException: 10.0.0.7 gives no answer about \u2026")));
    }

    @Test
    void aVerifierThatLeavesItsThreadInterruptedHarmsNobody() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(new TokenVerifier() {
            @Override
            public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException {
                Thread.currentThread().interrupt();
                if (isOperator(request)) {
                    return ClientPrincipal.of("operator", Permissions.all());
                }
                throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_INVALID, "not the operator");
            }

            @Override
            public boolean mayBlock() {
                return false;
            }
        }));
        for (int i = 0; i < 10; i++) {
            ContractClient refused = test.requestUpgrade("token=x", FROM_A_PAGE);
            assertThat(refused.closeReason()).isEqualTo("token_invalid: not the operator");
            assertThat(operator().ask(with("'id':1", subscribe("pose")))).contains("\"ack\"");
        }
    }

    @Test
    void aSessionEndsWithItsToken() throws Exception {
        startWith(request -> ClientPrincipal.of("guest", Permissions.all())
                .expiringAt(test.clock.now().plusSeconds(60)));
        ContractClient guest = test.connect("token=guest").send(subscribe("pose"));
        ContractClient logs = operator().send(subscribe("server_logs"));
        logs.frames();

        test.advance(Duration.ofMillis(59_999));
        robotPublishes("pose", "1");
        assertThat(guest.frame()).isEqualTo(message("pose", "1"));
        test.advance(Duration.ofMillis(1));
        robotPublishes("pose", "2");

        assertThat(guest.closeCode()).isEqualTo(4401);
        assertThat(guest.closeReason()).startsWith("token_expired: ");
        assertThat(guest.frames()).isEmpty();
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));
        assertThat(logs.frames())
                .anyMatch(entry -> entry.contains(json("'event':'token_expired'")) && entry.contains("guest"))
                .anyMatch(entry -> entry.contains(json("'event':'client_disconnected'")) && entry.contains("4401"));
    }

    @Test
    void aWallClockThatIsSetBackDoesNotLengthenASession() throws Exception {
        startWith(request -> ClientPrincipal.of("guest", Permissions.all())
                .expiringAt(test.clock.now().plusSeconds(60)));
        ContractClient guest = test.connect("token=guest");
        test.clock.setWall(test.clock.now().minusSeconds(3600));

        test.advance(Duration.ofSeconds(60));

        assertThat(guest.closeCode()).isEqualTo(4401);
    }

    @Test
    void aSessionThatLastsForYearsEndsWithItsTokenToo() throws Exception {
        startWith(request -> ClientPrincipal.of("guest", Permissions.all())
                .expiringAt(test.clock.now().plus(Duration.ofDays(1000))));
        ContractClient guest = test.connect("token=guest");

        test.advance(Duration.ofDays(365));
        test.advance(Duration.ofDays(365));
        test.advance(Duration.ofDays(269));
        guest.hearsNothing();
        test.advance(Duration.ofDays(1));

        assertThat(guest.closeCode()).isEqualTo(4401);
    }

    @Test
    void whoseTimeIsOverIsNotLetIn() throws Exception {
        startWith(request -> ClientPrincipal.of("guest", Permissions.all()).expiringAt(test.clock.now()));
        ContractClient guest = test.requestUpgrade("token=guest", FROM_A_PAGE);

        assertThat(guest.closeCode()).isEqualTo(4401);
        assertThat(guest.closeReason()).startsWith("token_expired: ");
        assertThat(operator().send(subscribe("server_logs")).frames()).noneMatch(entry -> entry.contains("guest"));
    }
}
