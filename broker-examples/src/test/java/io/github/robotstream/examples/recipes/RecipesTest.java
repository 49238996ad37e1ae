package io.github.robotstream.examples.recipes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.client.ClientSubscription;
import io.github.robotstream.client.RequestException;
import io.github.robotstream.client.RobotStreamClient;
import io.github.robotstream.examples.recipes.FollowTheLeader.Position;
import io.github.robotstream.examples.recipes.SafeDrive.Twist;
import io.github.robotstream.examples.testing.Certified;
import io.github.robotstream.examples.testing.Programs;
import io.github.robotstream.jwt.JwtKey;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TopicStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocket.Listener;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each recipe does what it teaches. */
@Timeout(120)
class RecipesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final byte[] SECRET = "a secret of more than thirty-two bytes".getBytes(US_ASCII);

    @RegisterExtension
    final Programs programs = new Programs();

    @TempDir
    Path folder;

    private static URI url(String scheme, RobotStreamBroker broker) {
        return URI.create(scheme + "://127.0.0.1:" + broker.address().getPort());
    }

    private static RobotStreamClient connect(RobotStreamBroker broker) throws Exception {
        return RobotStreamClient.at(url("ws", broker)).connect();
    }

    private static <T> T first(RobotStreamClient client, Topic<T> topic) throws Exception {
        try (ClientSubscription<T> subscription = client.subscribe(topic)) {
            return subscription.next(PATIENCE).orElseThrow().value();
        }
    }

    @Test
    void aLateClientGetsTheLastValue() throws Exception {
        try (RobotStreamBroker broker = QuickStart.start(0);
                RobotStreamClient client = connect(broker)) {
            assertThat(first(client, QuickStart.BATTERY)).isEqualTo(25.1);
        }
    }

    @Test
    void aDriverThatFallsSilentIsReplacedByAStandstill() throws Exception {
        try (RobotStreamBroker broker = SafeDrive.start(0);
                Input<Twist> commands = broker.input(SafeDrive.CMD_VEL);
                RobotStreamClient client = connect(broker)) {
            Twist ahead = new Twist(0.5, 0);
            CountDownLatch stopped = new CountDownLatch(1);
            broker.subscribe(SafeDrive.CMD_VEL, heard -> {
                if (heard.equals(SafeDrive.STOP)) {
                    stopped.countDown();
                }
            });
            client.publish(SafeDrive.CMD_VEL, ahead).get();
            assertThat(stopped.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(commands.latestOr(ahead, PATIENCE)).isEqualTo(SafeDrive.STOP);
        }
    }

    @Test
    void aTokenMayDoWhatItSaysAndNothingElse() throws Exception {
        try (RobotStreamBroker broker = TokensWithRights.start(0, JwtKey.hmac(SECRET));
                RobotStreamClient client = RobotStreamClient.at(url("ws", broker))
                        .token(token(List.of("position"), List.of()))
                        .connect()) {
            broker.publish(FollowTheLeader.POSITION, new Position(1, 2));
            assertThat(first(client, FollowTheLeader.POSITION)).isEqualTo(new Position(1, 2));
            assertThatThrownBy(() -> client.publish(FollowTheLeader.POSITION, new Position(0, 0))
                            .get())
                    .hasCauseInstanceOf(RequestException.class);
        }
    }

    static String token(List<String> subscribe, List<String> publish) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject("operator")
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .claim("topics", Map.of("subscribe", subscribe, "publish", publish))
                        .build());
        jwt.sign(new MACSigner(SECRET));
        return jwt.serialize();
    }

    @Test
    void aClientThatTrustsTheCertificateGetsThroughTls() throws Exception {
        Certified robot = Certified.make(programs, folder, "robot", "127.0.0.1");
        try (RobotStreamBroker broker = EncryptedSockets.start(0, robot.certificate(), robot.key());
                RobotStreamClient client = RobotStreamClient.at(url("wss", broker))
                        .trust(robot.certificate())
                        .connect()) {
            broker.publish(QuickStart.BATTERY, 25.2);
            assertThat(first(client, QuickStart.BATTERY)).isEqualTo(25.2);
        }
    }

    @Test
    void aStoreOfOnesOwnKeepsWhatIsWorthIt() throws Exception {
        TopicStore memory = TopicStore.inMemory();
        for (int run = 1; run <= 2; run++) {
            try (RobotStreamBroker broker = RobotStreamBroker.builder()
                    .withoutNetwork()
                    .store(new SelectiveStore(TopicFilter.of("position"), memory))
                    .start()) {
                assertThat(broker.latest(FollowTheLeader.POSITION).isPresent()).isEqualTo(run == 2);
                assertThat(broker.latest(QuickStart.BATTERY)).isEmpty();
                broker.publish(FollowTheLeader.POSITION, new Position(1, 2));
                broker.publish(QuickStart.BATTERY, 25.1);
            }
        }
    }

    @Test
    void aSinkOfOnesOwnRingsForErrorsAlone() throws Exception {
        AtomicInteger rings = new AtomicInteger();
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .withoutNetwork()
                .logSink(new AlarmSink(LogSink.none(), entry -> rings.incrementAndGet()))
                .start()) {
            broker.log(LogEntry.of(Level.INFO, "motor_warm", "the left motor is at 60 degrees"));
            broker.log(LogEntry.of(Level.ERROR, "motor_hot", "the left motor is at 90 degrees"));
        }
        assertThat(rings).hasValue(1);
    }

    @Test
    void aVerifierOfOnesOwnKnowsBadges() throws Exception {
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(new BadgeVerifier(Map.of("4711", "the night watch")))
                .start()) {
            try (RobotStreamClient client =
                    RobotStreamClient.at(url("ws", broker)).token("4711").connect()) {
                assertThat(client.isConnected()).isTrue();
                assertThat(broker.sessions())
                        .singleElement()
                        .satisfies(session ->
                                assertThat(session.principal().name()).isEqualTo("the night watch"));
            }
            assertThatThrownBy(() -> RobotStreamClient.at(url("ws", broker))
                            .token("4712")
                            .connect()
                            .close())
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void theCameraIsOnOnlyWhileSomebodyLooks() throws Exception {
        AtomicInteger pictures = new AtomicInteger();
        try (CameraOnDemand robot = new CameraOnDemand(0, () -> new byte[] {(byte) pictures.incrementAndGet()});
                RobotStreamClient client = connect(robot.broker())) {
            assertThat(robot.isOn()).isFalse();
            try (ClientSubscription<ByteBuffer> camera = client.subscribe(CameraOnDemand.CAMERA)) {
                assertThat(camera.next(PATIENCE)).isPresent();
            }
            Awaitility.await().atMost(PATIENCE).until(() -> !robot.isOn());
        }
    }

    @Test
    void theCameraIsNeitherOnNorOffForWhoLooksAtSomethingElse() throws Exception {
        try (CameraOnDemand robot = new CameraOnDemand(0, () -> new byte[1])) {
            robot.topicActive("pose");
            assertThat(robot.isOn()).isFalse();
            robot.topicActive(CameraOnDemand.CAMERA.name());
            robot.topicIdle("pose");
            assertThat(robot.isOn()).isTrue();
            robot.topicIdle(CameraOnDemand.CAMERA.name());
            assertThat(robot.isOn()).isFalse();
        }
    }

    @Test
    void aCallIsToldHowFarItIsAndAnsweredOnce() throws Exception {
        BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        try (RobotStreamBroker broker = RequestAndReply.start(0)) {
            WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(url("ws", broker).resolve("/wss"), new Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket socket, CharSequence frame, boolean last) {
                            frames.add(frame.toString());
                            return Listener.super.onText(socket, frame, last);
                        }
                    })
                    .get();
            client.sendText("{\"action\":\"call\",\"id\":1,\"service\":\"arm.move\",\"data\":{\"degrees\":3}}", true)
                    .get();
            String first = frames.poll(30, TimeUnit.SECONDS);
            assertThat(first).startsWith("{\"action\":\"progress\",\"id\":1,");
            String last = first;
            while (last != null && last.contains("progress")) {
                last = frames.poll(30, TimeUnit.SECONDS);
            }
            assertThat(last)
                    .isEqualTo("{\"action\":\"ack\",\"id\":1,\"service\":\"arm.move\","
                            + "\"data\":{\"arrived\":true,\"degrees\":3}}");
            client.abort();
        }
    }

    @Test
    void prometheusReadsTheNumbers() throws Exception {
        try (RobotStreamBroker broker = MetricsForPrometheus.start(0)) {
            HttpRequest request = HttpRequest.newBuilder(url("http", broker).resolve("/metrics"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .body())
                    .contains("robotstream_sessions");
        }
    }

    @Test
    void aRegistryOfMicrometerHasTheNumbers() throws Exception {
        try (RobotStreamBroker broker = MetricsInMicrometer.start(0);
                RobotStreamClient client = connect(broker)) {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            MetricsInMicrometer metrics = new MetricsInMicrometer(broker, registry);
            client.publish(FollowTheLeader.POSITION, new Position(1, 2)).get();
            metrics.refresh();

            assertThat(registry.get("robotstream.sessions").gauge().value()).isEqualTo(1);
            assertThat(registry.get("robotstream.messages.published")
                            .functionCounter()
                            .count())
                    .isPositive();
            assertThat(registry.get("robotstream.deliveries.dropped")
                            .tag("cause", "queue_full")
                            .functionCounter()
                            .count())
                    .isZero();
            assertThat(registry.get("robotstream.session.queued")
                            .tag("subject", "anonymous")
                            .gauge()
                            .value())
                    .isZero();
            assertThat(registry.get("robotstream.topic.queued")
                            .tag("topic", FollowTheLeader.POSITION.name())
                            .gauge()
                            .value())
                    .isZero();
        }
    }

    @Test
    void aRobotFollowsAnotherAndStandsStillWhenItHearsNothing() throws Exception {
        try (RobotStreamBroker leader = RobotStreamBroker.builder()
                        .port(0)
                        .anonymousAccess(Permissions.all())
                        .start();
                RobotStreamClient client = connect(leader);
                ClientSubscription<Position> positions = FollowTheLeader.follow(client)) {
            positions.accepted().get();
            leader.publish(FollowTheLeader.POSITION, new Position(3, 4));
            assertThat(FollowTheLeader.target(positions)).contains(new Position(3, 4));
            assertThat(FollowTheLeader.target(positions)).isEmpty();
        }
    }
}
