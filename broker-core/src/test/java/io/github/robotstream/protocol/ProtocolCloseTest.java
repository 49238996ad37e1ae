package io.github.robotstream.protocol;

import static io.github.robotstream.testing.ClientFrames.BINARY;
import static io.github.robotstream.testing.ClientFrames.CONTINUATION;
import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.TEXT;
import static io.github.robotstream.testing.ClientFrames.bytes;
import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.frame;
import static io.github.robotstream.testing.ClientFrames.head;
import static io.github.robotstream.testing.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a connection ends, and what the client is told. */
class ProtocolCloseTest extends ProtocolContract {
    private final CountDownLatch released = new CountDownLatch(1);

    static Stream<Arguments> breaches() {
        return Stream.of(
                Arguments.of(
                        "bytes within a text message",
                        1002,
                        concat(frame(TEXT, utf8("{")), frame(FIN | BINARY, utf8("}")))),
                Arguments.of("text that is not UTF-8", 1007, frame(FIN | TEXT, bytes('"', 0xc3, '"'))),
                Arguments.of("a surrogate in UTF-8", 1007, frame(FIN | TEXT, bytes(0xed, 0xa0, 0x80))),
                Arguments.of("more than 1 MiB, announced", 1009, head(FIN | TEXT, (1 << 20) + 1)),
                Arguments.of("2 GB, announced", 1009, head(FIN | TEXT, 1_900_000_000L)),
                Arguments.of("a frame without mask", 1002, bytes(FIN | TEXT, 2, '{', '}')),
                Arguments.of("a reserved bit", 1002, frame(FIN | TEXT | 0x40, utf8("{}"))),
                Arguments.of("a reserved opcode", 1002, frame(FIN | 3, utf8("{}"))),
                Arguments.of("a continuation of nothing", 1002, frame(FIN | CONTINUATION, utf8("{}"))),
                Arguments.of("a ping in fragments", 1002, frame(9, utf8("{}"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("breaches")
    void aBreachOfTheWebSocketProtocolEndsThatConnectionAndNoOther(String what, int code, byte[] bytes)
            throws Exception {
        start();
        ContractClient other = subscriber("pose");
        ContractClient client = subscriber("pose");

        client.sendRaw(bytes);
        assertThat(client.closeCode()).isEqualTo(code);

        robotPublishes("pose", "1");
        assertThat(other.frame()).isEqualTo(message("pose", "1"));
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));
    }

    @Test
    void aMessageInFragmentsIsOne() throws Exception {
        start();
        ContractClient client = connect();
        byte[] text = utf8(with("'id':1", subscribe("\u00e9")));
        int middle = text.length - 4;

        client.sendRaw(frame(TEXT, Arrays.copyOf(text, middle)));
        client.sendRaw(frame(FIN | CONTINUATION, Arrays.copyOfRange(text, middle, text.length)));

        assertThat(client.frame()).contains("\"ack\"");
    }

    @Test
    void theLargestMessageIsTaken() throws Exception {
        start();
        ContractClient client = subscriber("pose");
        String largest = message(
                "pose", "\"" + "x".repeat((1 << 20) - message("pose", "\"\"").length()) + "\"");

        client.send(largest);

        assertThat(client.frame().getBytes(StandardCharsets.UTF_8)).hasSize(1 << 20);
    }

    @Test
    void robotCodeDisconnectsASession() throws Exception {
        start();
        ContractClient client = subscriber("pose");
        ContractClient other = subscriber("pose");

        assertThat(test.broker().disconnect("c-1", "maintenance")).isTrue();
        test.settle();
        assertThat(client.closeCode()).isEqualTo(4403);
        assertThat(client.closeReason()).isEqualTo("disconnected: maintenance");
        test.awaitThat(
                () -> assertThat(test.broker().disconnect("c-1", "again")).isFalse());

        robotPublishes("pose", "1");
        assertThat(other.frame()).isEqualTo(message("pose", "1"));
        assertThat(client.frames()).isEmpty();
        assertThat(connect().send(subscribe("server_logs")).frames())
                .anyMatch(entry -> entry.contains(json("'event':'client_disconnected','message':'c-1 was sent away'"))
                        && entry.contains(json("'code':4403,'reason':'disconnected: maintenance'}")));
    }

    @Test
    void aSessionThatIsClosingIsSentNothingAndLosesNothing() throws Exception {
        start(settings -> settings.limits(limits -> limits.queuedMessagesPerSession(4)));
        ContractClient client = subscriber("pose");
        client.stopReading();

        test.broker().disconnect("c-1", "maintenance");
        test.step();
        for (int i = 0; i < 100; i++) {
            robotPublishes("pose", "1");
        }

        assertThat(test.broker().stats().dropped()).isZero();
        assertThat(test.broker().stats().offered()).isZero();
    }

    @Test
    void aRobotThatGoesDownSaysSo() throws Exception {
        start();
        ContractClient client = subscriber("pose");

        test.broker().close();

        assertThat(client.closeCode()).isEqualTo(1001);
    }

    @Test
    void whoLeavesIsAnsweredAndForgotten() throws Exception {
        start();
        ContractClient client = subscriber("pose");

        client.leave(1000, "bye");

        assertThat(client.closeCode()).isEqualTo(1000);
        test.awaitThat(() -> assertThat(test.broker().sessions()).isEmpty());
        assertThat(test.broker().hasSubscribers(Topic.state("pose", "float", Double.class)))
                .isFalse();
    }

    @Test
    void whatAClientPublishedBeforeItLeftIsPublished() throws Exception {
        start();
        ContractClient other = subscriber("pose");
        ContractClient client = connect();
        for (int i = 0; i < 100; i++) {
            client.send(message("pose", "" + i));
        }
        client.send(subscribe("other"));
        client.leave(1000, "bye");

        assertThat(other.frames(100)).first().isEqualTo(message("pose", "0"));
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));
        assertThat(test.broker().hasSubscribers(Topic.state("other", "float", Double.class)))
                .isFalse();
    }

    @Test
    void nothingIsDoneForWhoeverHasLeftAfterItsTokenIsOver() throws Exception {
        TopicCodec<String> slow = new TopicCodec<>() {
            @Override
            public String encode(String value) {
                return value;
            }

            @Override
            public String decode(String json) throws InterruptedException {
                released.await();
                return json;
            }
        };
        startGuarded(settings -> settings.topic(Topic.state("pose", "float", slow))
                .tokenVerifier(request ->
                        ClientPrincipal.of("guest", Permissions.all()).expiringAt(ManualClock.BEGIN.plusSeconds(60))));
        ContractClient client = connect().send(message("pose", "1"));
        test.settle();
        client.leave(1000, "bye");
        test.advance(Duration.ofSeconds(60));
        released.countDown();

        test.awaitThat(() -> assertThat(test.broker().sessions()).isEmpty());
        assertThat(test.broker().latest(Topic.state("pose", "float", slow))).isEmpty();
    }

    @Test
    void whoVanishesIsForgottenToo() throws Exception {
        start();
        ContractClient client = subscriber("pose");

        client.abort();

        test.awaitThat(() -> assertThat(test.broker().sessions()).isEmpty());
    }
}
