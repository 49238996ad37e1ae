package io.github.robotstream.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Service;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.jwt.JwtTokenVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestBrokerTest {
    record Twist(double linear, double angular) {}

    private static final Topic<Twist> CMD_VEL = Topic.command("cmd_vel", "Twist", Twist.class);
    private static final Topic<Double> BATTERY = Topic.state("battery", "float", Double.class);
    private static final Twist STOP = new Twist(0, 0);
    private static final int MANY = 1_000;

    private TestBroker test = TestBroker.start();

    private void start(BrokerBuilder settings) {
        test.close();
        test = TestBroker.start(settings);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void whatWasPublishedIsThereOnceItHasSettled() {
        try (Input<Double> input = test.broker().input(BATTERY)) {
            for (int i = 0; i < MANY; i++) {
                test.broker().publish(BATTERY, (double) i);
                test.settle();
                assertThat(input.latestOr(-1.0, Duration.ofSeconds(1))).isEqualTo(i);
            }
        }
    }

    @Test
    void listenersHaveHeardOnceItHasSettledAlsoWhatListenersPublish() {
        Topic<Integer> up = Topic.state("up", "int", Integer.class);
        Topic<Integer> down = Topic.state("down", "int", Integer.class);
        List<Integer> heard = new CopyOnWriteArrayList<>();
        test.broker().subscribe(up, value -> test.broker().publish(down, value + 1));
        test.broker().subscribe(down, value -> heard.add(value));
        for (int i = 0; i < MANY; i++) {
            test.broker().publish(up, i);
            test.settle();
            assertThat(heard).hasSize(i + 1).last().isEqualTo(i + 1);
        }
    }

    record Dock(double speed) {}

    record Docked(boolean docked) {}

    private static final Service<Dock, Docked> DOCK = Service.of("robot.dock", Dock.class, Docked.class);

    @Test
    void aClientCallsAServiceAndHasItsAnswer() {
        test.broker().handle(DOCK, (dock, call) -> {
            if (dock.speed() > 1) {
                throw new IllegalArgumentException("too fast");
            }
            return new Docked(dock.speed() > 0);
        });
        MemoryClient client = test.connect();
        assertThat(client.call("robot.dock", "{\"speed\":0.5}")).isEqualTo("{\"docked\":true}");
        assertThatThrownBy(() -> client.call("robot.dock", "{\"speed\":2}"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("robot.dock failed: call_failed");
        assertThatThrownBy(() -> client.call("robot.fly", "{}")).hasMessageContaining("unknown_service");
    }

    @Test
    void aClientHoldsALeaseAndStopsTheRobot() {
        Topic<Boolean> stop = Topic.state("stop", Boolean.class);
        start(RobotStreamBroker.builder()
                .anonymousAccess(Permissions.all())
                .topic(CMD_VEL, topic -> topic.requireLease())
                .topic(stop, topic -> topic.stop(true)));
        MemoryClient operator = test.connect();
        MemoryClient other = test.connect();
        operator.acquire(CMD_VEL, Duration.ofSeconds(1)).publish(CMD_VEL, STOP);
        assertThat(operator.frames()).isEmpty();
        assertThat(other.acquire(CMD_VEL).frames()).singleElement().asString().contains("lease_held");
        operator.release(CMD_VEL);
        assertThat(other.acquire(CMD_VEL).frames()).isEmpty();
        other.stop();
        assertThat(test.broker().latest(stop)).contains(true);
    }

    @Test
    void valuesAgeByTheClockOfTheTestAlone() {
        try (Input<Twist> commands = test.broker().input(CMD_VEL)) {
            test.connect().publish(CMD_VEL, new Twist(1, 0));
            test.advance(Duration.ofMillis(500));
            assertThat(commands.latestOr(STOP, Duration.ofMillis(500))).isEqualTo(new Twist(1, 0));
            test.advance(Duration.ofNanos(1));
            assertThat(commands.latestOr(STOP, Duration.ofMillis(500))).isEqualTo(STOP);
        }
    }

    @Test
    void bytesGoBothWaysAsTheyAre() {
        Topic<ByteBuffer> camera = Topic.binary("camera", "image/jpeg");
        Topic<ByteBuffer> lidar = Topic.binary("lidar", "application/octet-stream");
        byte[] picture = {0, -1, 127};
        try (Input<ByteBuffer> input = test.broker().input(camera)) {
            MemoryClient viewer =
                    test.connect().send("{\"action\":\"subscribe\",\"topic\":\"#\",\"options\":{\"binary\":true}}");
            test.connect().publishBytes(lidar, new byte[0]).publishBytes(camera, picture);
            assertThat(input.newest(Duration.ofSeconds(1)))
                    .hasValueSatisfying(heard -> assertThat(heard.value()).isEqualTo(ByteBuffer.wrap(picture)));
            assertThat(viewer.bytes(camera)).containsExactly(picture);
            assertThat(viewer.bytes(camera)).isEmpty();
            assertThat(viewer.bytes(lidar)).containsExactly(new byte[0]);
        }
    }

    @Test
    void theWatchdogOfACommandIsTestedWithoutWaiting() {
        List<Twist> heard = new CopyOnWriteArrayList<>();
        start(RobotStreamBroker.builder()
                .topic(CMD_VEL, topic -> topic.watchdog(Duration.ofMillis(200), STOP))
                .subscribe(CMD_VEL, heard::add));
        MemoryClient operator = test.connect().publish(CMD_VEL, new Twist(1, 0));
        test.advance(Duration.ofMillis(199));
        assertThat(heard).containsExactly(new Twist(1, 0));
        test.advance(Duration.ofMillis(1));
        assertThat(heard).containsExactly(new Twist(1, 0), STOP);
        operator.publish(CMD_VEL, new Twist(2, 0)).loseConnection();
        assertThat(heard).containsExactly(new Twist(1, 0), STOP, new Twist(2, 0), STOP);
    }

    @Test
    void clientsGetTheValuesOfTheirTopics() {
        MemoryClient client = test.connect().subscribe(BATTERY);
        test.broker().publish(BATTERY, 25.1);
        test.broker().publish(BATTERY, 25.0);
        assertThat(client.values(BATTERY)).containsExactly(25.1, 25.0);
        assertThat(client.values(BATTERY)).isEmpty();
        assertThat(client.frames()).isEmpty();
    }

    @Test
    void aTokenGivesTheRightsThatItNames() {
        String token = test.tokens().of("plot", Permissions.none().subscribe("battery"));
        MemoryClient client = test.connect(token).publish(CMD_VEL, STOP);
        assertThat(client.frames()).singleElement().asString().contains("\"forbidden\"");
        assertThat(test.broker().sessions().get(0).principal().name()).isEqualTo("plot");
    }

    @Test
    void aTokenEndsByTheClockOfTheTest() {
        String token = test.tokens().of("visitor", Permissions.all(), Duration.ofMinutes(5));
        MemoryClient client = test.connect(token);
        test.advance(Duration.ofMinutes(4));
        assertThat(client.isOpen()).isTrue();
        test.advance(Duration.ofMinutes(1));
        assertThat(client.closeCode()).isEqualTo(4401);
        assertThat(test.handshakeStatus(token)).isEqualTo(401);
    }

    @Test
    void whoIsRefusedIsToldWhy() {
        assertThat(test.handshakeStatus("nonsense")).isEqualTo(401);
        assertThatThrownBy(() -> test.connect("nonsense"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("401");
        assertThat(test.broker().sessions()).isEmpty();
    }

    @Test
    void theApplicationsOwnVerifierPathAndAbsentNetworkAreTaken() {
        byte[] secret = "a secret of the application, of 32 bytes".getBytes(StandardCharsets.US_ASCII);
        start(RobotStreamBroker.builder()
                .path("/robot")
                .withoutNetwork()
                .tokenVerifier(JwtTokenVerifier.hmac(secret).build()));
        assertThat(test.handshakeStatus(test.tokens().of("stranger"))).isEqualTo(401);
        MemoryClient client = test.connect(new TestTokens(secret, Clock.systemUTC()).of("operator"));
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void aClientWithoutATokenGetsInWhereEverybodyDoes() {
        start(RobotStreamBroker.builder().anonymousAccess(Permissions.none().subscribe("#")));
        assertThat(test.connect().isOpen()).isTrue();
    }

    @Test
    void aCodecAndAVerifierOnThreadsOfTheirOwnAreWaitedFor() {
        TopicCodec<String> codec = new TopicCodec<>() {
            @Override
            public String encode(String value) {
                return '"' + value + '"';
            }

            @Override
            public String decode(String json) {
                return json;
            }
        };
        Topic<String> words = Topic.state("words", "string", codec);
        List<String> heard = new CopyOnWriteArrayList<>();
        start(RobotStreamBroker.builder()
                .tokenVerifier(request -> ClientPrincipal.of("anybody", Permissions.all()))
                .subscribe(words, heard::add));
        test.connect("anything").publish(words, "hello");
        assertThat(heard).containsExactly("\"hello\"");
    }

    @Test
    void aListenerThatDoesNotReturnIsToldAndNotWaitedForForEver() {
        test.patience = Duration.ofMillis(50);
        CountDownLatch end = new CountDownLatch(1);
        test.broker().subscribe(BATTERY, value -> end.await());
        test.broker().publish(BATTERY, 1.0);
        assertThatThrownBy(test::settle).isInstanceOf(AssertionError.class).hasMessageContaining("a listener");
        end.countDown();
    }

    @Test
    void aClientThatReadsNoMoreHoldsNothingUp() {
        MemoryClient slow = test.connect().subscribe(BATTERY);
        slow.stopReading();
        for (int i = 0; i < MANY; i++) {
            test.broker().publish(BATTERY, (double) i);
            slow.send("{\"action\":\"ping\",\"id\":1}");
        }
        slow.resumeReading();
        assertThat(slow.values(BATTERY)).isNotEmpty().last().isEqualTo(MANY - 1.0);
    }

    @Test
    void aBrokerIsClosedOnceItsEndHasBegun() {
        assertThat(test.broker().isClosed()).isFalse();
        test.close();
        assertThat(test.broker().isClosed()).isTrue();
    }

    @Test
    void aClientThatLeavesSaysSoAndOneWhoseConnectionIsLostDoesNot() {
        MemoryClient leaves = test.connect();
        MemoryClient vanishes = test.connect();
        assertThat(test.broker().sessions()).hasSize(2);
        leaves.close();
        vanishes.loseConnection();
        assertThat(test.broker().sessions()).isEmpty();
        assertThat(leaves.closeCode()).isEqualTo(1000);
        assertThat(vanishes.closeCode()).isEqualTo(1006);
    }
}
