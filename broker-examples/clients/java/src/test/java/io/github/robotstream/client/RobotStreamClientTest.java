package io.github.robotstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.ServiceCall;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicSettings;
import io.github.robotstream.client.ConnectionStatus.State;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client with a broker in this process, over real sockets. */
class RobotStreamClientTest {
    record Twist(double linear, double angular) {}

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Topic<Twist> CMD_VEL = Topic.command("cmd_vel", "Twist", Twist.class);
    private static final Topic<Double> BATTERY = Topic.state("battery", "float", Double.class);
    private static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<ConnectionStatus> statuses = new LinkedBlockingQueue<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void valuesGoBothWaysWithTheBrokersTopics() throws Exception {
        RobotStreamBroker broker = start(anonymous().topic(CMD_VEL).topic(BATTERY));
        BlockingQueue<Twist> heard = new LinkedBlockingQueue<>();
        broker.subscribe(CMD_VEL, heard::add);
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);

        Published done = soon(robot.publish(CMD_VEL, new Twist(0.5, -1), PATIENCE));
        assertThat(done).isEqualTo(new Published(1, 1));
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(new Twist(0.5, -1));

        broker.publish(BATTERY, 25.1);
        ClientSubscription<Double> subscription = robot.subscribe(BATTERY);
        RobotMessage<Double> message = subscription.next(PATIENCE).orElseThrow();
        assertThat(message.value()).isEqualTo(25.1);
        assertThat(message.type()).isEqualTo("float");
        assertThat(message.retained()).isTrue();
        assertThat(message.publisher()).isEqualTo("robot");
        assertThat(message.age()).isBetween(Duration.ZERO, PATIENCE);
        assertThat(subscription.accepted().get()).isTrue();
        assertThat(subscription.poll()).isEmpty();
    }

    @Test
    void bytesGoAndComeAsBytes() throws Exception {
        RobotStreamBroker broker = start(anonymous().topic(CAMERA));
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);
        byte[] picture = new byte[200_000];
        picture[199_999] = 7;

        ClientSubscription<ByteBuffer> pictures = robot.subscribe(CAMERA);
        soon(pictures.accepted());
        soon(robot.publish(CAMERA, ByteBuffer.wrap(picture)));

        RobotMessage<ByteBuffer> received = pictures.next(PATIENCE).orElseThrow();
        assertThat(received.type()).isEqualTo("image/jpeg");
        assertThat(received.value()).isEqualTo(ByteBuffer.wrap(picture));
    }

    @Test
    void aRefusedRequestHasACodeAndAMessage() throws Exception {
        RobotStreamBroker broker = start(builder()
                .anonymousAccess(Permissions.none().subscribe("battery"))
                .topic(CMD_VEL));
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);

        assertThatThrownBy(() -> soon(robot.publish(CMD_VEL, new Twist(1, 0))))
                .isInstanceOfSatisfying(RequestException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("forbidden");
                    assertThat(refused.retry()).isFalse();
                });
        ClientSubscription<Payload> secrets = robot.subscribe("secrets", SubscribeOptions.none());
        assertThatThrownBy(() -> secrets.next(PATIENCE))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("forbidden");
        assertThatThrownBy(() -> robot.latest(CMD_VEL)).isInstanceOf(RequestException.class);
        assertThat(robot.isConnected()).isTrue();
    }

    record Dock(double speed) {}

    record Docked(boolean docked) {}

    @Test
    void aCallHasItsProgressAndItsAnswerAndWhatIsRefusedHasACode() throws Exception {
        RobotStreamBroker broker = start(anonymous());
        broker.handle("robot.dock", Dock.class, Docked.class, (dock, call) -> {
            call.progress(dock);
            return new Docked(dock.speed() > 0);
        });
        broker.handle("robot.fail", Dock.class, Docked.class, (dock, call) -> {
            throw new IllegalStateException("secret");
        });
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);
        List<String> progress = new CopyOnWriteArrayList<>();

        List<ServiceInfo> services = soon(robot.services());
        assertThat(services).extracting(ServiceInfo::name).containsExactly("robot.dock", "robot.fail");
        assertThat(services.get(0).request().orElseThrow()).contains("speed");
        assertThat(services.get(0).reply().orElseThrow()).contains("docked");
        assertThat(soon(robot.call("robot.dock", new Dock(0.5), Docked.class, PATIENCE, told -> {
                    progress.add(told.toString());
                    throw new IllegalStateException("of the application");
                })))
                .isEqualTo(new Docked(true));
        assertThat(progress).containsExactly("{\"speed\":0.5}");
        assertThatThrownBy(() -> soon(robot.call("robot.fly", new Dock(1), Docked.class)))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.code()).isEqualTo("unknown_service"));
        assertThatThrownBy(() -> soon(robot.call("robot.dock", new Docked(true), Docked.class)))
                .hasMessageContaining("type_mismatch");
        assertThatThrownBy(() -> soon(robot.call("robot.fail", new Dock(1), Docked.class)))
                .hasMessageContaining("call_failed");
        assertThatThrownBy(() -> soon(robot.call("robot.dock", new Dock(1), Integer.class)))
                .isInstanceOf(IOException.class)
                .hasMessage("what robot.dock answers is no java.lang.Integer");
        assertThat(soon(robot.call("robot.dock", new Dock(0), JsonElement.class)))
                .hasToString("{\"docked\":false}");
    }

    @Test
    void aCallIsGivenUpByItsTimeAndByCancel() throws Exception {
        RobotStreamBroker broker = start(anonymous());
        BlockingQueue<ServiceCall> begun = new LinkedBlockingQueue<>();
        broker.handle("wait", Dock.class, Docked.class, (dock, call) -> {
            begun.add(call);
            await().atMost(PATIENCE).until(call::isCancelled);
            return new Docked(false);
        });
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);

        assertThatThrownBy(
                        () -> soon(robot.call("wait", new Dock(1), Docked.class, Duration.ofMillis(100), told -> {})))
                .hasMessageContaining("timeout");
        assertThat(begun.poll(30, TimeUnit.SECONDS)).isNotNull();
        for (int i = 0; i < 9; i++) { // more than may go on
            CompletableFuture<Docked> call =
                    robot.call("wait", new Dock(1), Docked.class, Duration.ofHours(1), told -> {});
            ServiceCall running = begun.poll(30, TimeUnit.SECONDS);
            assertThat(running).isNotNull();
            assertThat(call.cancel(true)).isTrue();
            await().atMost(PATIENCE).until(running::isCancelled);
        }
        assertThat(robot.isConnected()).isTrue();
    }

    @Test
    void aCallWhoseConnectionIsLostFailsAndIsNotMadeAgain() throws Exception {
        RobotStreamBroker former = start(anonymous());
        AtomicInteger made = new AtomicInteger();
        CountDownLatch lost = new CountDownLatch(1);
        former.handle("wait", Dock.class, Docked.class, (dock, call) -> {
            made.incrementAndGet();
            call.progress(dock);
            assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
            return new Docked(false);
        });
        RobotStreamClient robot = client(former).connect();
        open.add(robot);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Docked> call =
                robot.call("wait", new Dock(1), Docked.class, Duration.ofHours(1), told -> begun.complete(null));
        soon(begun);
        int port = former.address().getPort();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(former::close);
        assertThatThrownBy(() -> soon(call)).isInstanceOf(DisconnectedException.class);
        lost.countDown();
        soon(closing);
        assertThatThrownBy(() -> soon(robot.call("wait", new Dock(1), Docked.class)))
                .isInstanceOf(DisconnectedException.class);

        RobotStreamBroker next = start(anonymous().port(port));
        next.handle("wait", Dock.class, Docked.class, (dock, again) -> new Docked(made.incrementAndGet() > 0));
        status(State.CONNECTED);
        status(State.CONNECTED);
        soon(robot.topics()); // what the client would have sent again came before
        assertThat(made).hasValue(1);
    }

    @Test
    void whoHasTheLeaseOfATopicPublishesThereAlone() throws Exception {
        RobotStreamBroker broker = start(builder()
                .tokenVerifier(request -> ClientPrincipal.of(request.token().orElseThrow(), Permissions.all()))
                .topic(CMD_VEL, TopicSettings::leased));
        RobotStreamClient robot = client(broker).token("first").connect();
        open.add(robot);
        RobotStreamClient other = client(broker).token("second").connect();
        open.add(other);

        soon(robot.acquire(CMD_VEL, PATIENCE));
        soon(robot.publish(CMD_VEL, new Twist(1, 0)));
        for (CompletableFuture<?> refused :
                List.of(other.publish(CMD_VEL, new Twist(2, 0)), other.acquire(CMD_VEL, PATIENCE))) {
            assertThatThrownBy(() -> soon(refused)).isInstanceOfSatisfying(RequestException.class, held -> {
                assertThat(held.code()).isEqualTo("lease_held");
                assertThat(held.holder()).contains("first");
            });
        }
        soon(robot.release(CMD_VEL));
        soon(other.publish(CMD_VEL, new Twist(2, 0)));
        assertThatThrownBy(() -> soon(robot.release(CMD_VEL))).hasMessageContaining("lease_required");
    }

    @Test
    void aHistoryTellsBytesFromAStringThatLooksLikeThem() throws Exception {
        RobotStreamBroker broker = start(anonymous().limits(limits -> limits.history(10)));
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {-1, -40, 0});
        soon(robot.publish("either", Payload.ofBytes("either", "image/jpeg", bytes)));
        soon(robot.publish("either", Payload.of("either", "image/jpeg", "\"/9gA\"")));

        List<RobotMessage<Payload>> messages = soon(robot.history("either", 10));
        assertThat(messages.get(0).value().bytes()).contains(bytes);
        assertThat(messages.get(1).value().bytes()).isEmpty();
        assertThat(messages.get(1).value().json()).isEqualTo("\"/9gA\"");
    }

    @Test
    void latestIsTheNewestValueAtOnce() throws Exception {
        RobotStreamBroker broker = start(anonymous().topic(BATTERY));
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);
        broker.publish(BATTERY, 1.0);
        assertThat(robot.latest(BATTERY).orElseThrow().value()).isEqualTo(1.0);
        broker.publish(BATTERY, 2.0);
        await().atMost(PATIENCE).until(() -> robot.latest(BATTERY).orElseThrow().value() == 2.0);
        assertThat(robot.latest(BATTERY).orElseThrow().value()).isEqualTo(2.0);
    }

    @Test
    void topicsAndHistoryAreReadPageByPage() throws Exception {
        RobotStreamBroker broker = start(builder()
                .anonymousAccess(Permissions.all().subscribe("$stats"))
                .topic(CMD_VEL)
                .limits(limits -> limits.history(100)));
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);
        for (int n = 0; n < 10; n++) {
            broker.publish(BATTERY, (double) n);
        }
        soon(robot.publish("events", Payload.of("events", "string", "\"x\"")));

        List<TopicInfo> topics = soon(robot.topics("#"));
        assertThat(topics).extracting(TopicInfo::name).containsExactly("battery", "cmd_vel", "events");
        assertThat(topics.get(1).command()).isTrue();
        assertThat(topics.get(1).schema().orElseThrow()).contains("linear");
        assertThat(topics)
                .extracting(TopicInfo::oldest)
                .containsExactly(Optional.of(1L), Optional.empty(), Optional.of(1L));
        assertThat(topics.get(0).stats().orElseThrow()).contains("\"messages\":10");

        List<RobotMessage<Payload>> first = soon(robot.history("battery", 4));
        assertThat(first).extracting(message -> message.value().json()).containsExactly("0.0", "1.0", "2.0", "3.0");
        Position last = first.get(3).position();
        assertThat(soon(robot.history("battery", last, 100))).hasSize(6);
        assertThatThrownBy(() -> soon(robot.history("battery", new Position("none", 1), 1)))
                .hasMessageContaining("history_gap");
    }

    @Test
    void aSubscriptionThatMayLoseNothingGoesOnWhereItWasWhenItsLoopHasCaughtUp() throws Exception {
        RobotStreamBroker broker = start(anonymous().topic(BATTERY).limits(limits -> limits.history(5000)));
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);
        ClientSubscription<Double> all =
                robot.subscribe(BATTERY, SubscribeOptions.none().reliable());
        soon(all.accepted());
        for (int n = 0; n < 1500; n++) { // more than wait here, and never more than wait for the client in the broker
            broker.publish(BATTERY, (double) n);
            if (n % 500 == 499) {
                await().atMost(PATIENCE).until(() -> broker.sessions().get(0).queuedMessages() == 0);
            }
        }
        for (int n = 0; n < 1500; n++) {
            RobotMessage<Double> message = all.next(PATIENCE).orElseThrow();
            assertThat(message.value()).isEqualTo(n);
            assertThat(message.dropped()).isZero();
        }
        assertThat(statuses).extracting(ConnectionStatus::state).containsExactly(State.CONNECTED);
    }

    @Test
    void closingASubscriptionEndsTheLoopThatWaitsForIt() throws Exception {
        RobotStreamBroker broker = start(anonymous().topic(BATTERY));
        RobotStreamClient robot = client(broker).connect();
        open.add(robot);
        ClientSubscription<Double> subscription = robot.subscribe(BATTERY);
        soon(subscription.accepted());
        Thread loop = new Thread(() -> subscription.forEach(message -> {}));
        loop.start();
        await().atMost(PATIENCE).until(() -> loop.getState() == Thread.State.TIMED_WAITING);
        subscription.close();
        loop.join(PATIENCE.toMillis());
        assertThat(loop.isAlive()).isFalse();
        await().atMost(PATIENCE).until(() -> !broker.hasSubscribers(BATTERY));
    }

    @Test
    void aRestartedBrokerIsFoundAgainAndTheGapIsTold() throws Exception {
        RobotStreamBroker former = start(anonymous().topic(BATTERY));
        RobotStreamClient robot = client(former).connect();
        open.add(robot);
        ClientSubscription<Double> subscription = robot.subscribe(BATTERY);
        former.publish(BATTERY, 1.0);
        assertThat(subscription.next(PATIENCE).orElseThrow().value()).isEqualTo(1.0);
        int port = former.address().getPort();
        former.close();
        assertThat(status(State.WAITING).code()).isEqualTo(1001);
        assertThatThrownBy(() -> soon(robot.publish(BATTERY, 9.0))).isInstanceOf(DisconnectedException.class);

        RobotStreamBroker next = start(anonymous().topic(BATTERY).port(port));
        status(State.CONNECTED);
        next.publish(BATTERY, 2.0);
        RobotMessage<Double> message = subscription.next(PATIENCE).orElseThrow();
        assertThat(message.value()).isEqualTo(2.0);
        assertThat(message.gap()).isTrue();
    }

    @Test
    void aSessionGoesOnWithNewerTokens() throws Exception {
        AtomicInteger given = new AtomicInteger();
        RobotStreamBroker broker = start(builder().tokenVerifier(lasting(Duration.ofSeconds(3))));
        RobotStreamClient robot =
                client(broker).tokens(() -> "token-" + given.incrementAndGet()).connect();
        open.add(robot);
        status(State.RENEWED);
        status(State.RENEWED);
        assertThat(broker.sessions()).hasSize(1);
        assertThat(robot.hello())
                .contains("\"session\":\"" + broker.sessions().get(0).id() + '"');
    }

    @Test
    void aTokenThatCannotChangeEndsTheClientWhenItIsOver() throws Exception {
        RobotStreamBroker broker = start(builder().tokenVerifier(lasting(Duration.ofSeconds(3))));
        RobotStreamClient robot = client(broker).token("token-1").connect();
        open.add(robot);
        ClientSubscription<Double> subscription = robot.subscribe(BATTERY);
        assertThatThrownBy(() -> subscription.next(PATIENCE))
                .isInstanceOfSatisfying(
                        ConnectionEndedException.class,
                        end -> assertThat(end.code()).isEqualTo(4401));
        assertThat(status(State.ENDED).code()).isEqualTo(4401);
    }

    @Test
    void aRefusedTokenIsToldAtOnce() throws Exception {
        RobotStreamBroker broker = start(builder().tokenVerifier(request -> {
            throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_INVALID, "none is good");
        }));
        assertThatThrownBy(() -> client(broker).token("x").connect())
                .isInstanceOfSatisfying(
                        ConnectionEndedException.class,
                        end -> assertThat(end.code()).isEqualTo(401));
        assertThatThrownBy(() -> client(broker).token("line\nbreak").connect())
                .isInstanceOf(ConnectionEndedException.class)
                .satisfies(end -> assertThat(end.toString()).doesNotContain("break"));
        assertThatThrownBy(() -> client(broker)
                        .tokens(() -> {
                            throw new IllegalStateException("secret");
                        })
                        .timeout(Duration.ofMillis(100))
                        .connect())
                .isInstanceOf(ConnectionEndedException.class)
                .satisfies(end -> assertThat(end.toString())
                        .contains("IllegalStateException")
                        .doesNotContain("secret"));
    }

    @Test
    void aClientWhoseAccessWasTakenBackStaysAway() throws Exception {
        RobotStreamBroker broker = start(builder().tokenVerifier(lasting(Duration.ofHours(1))));
        RobotStreamClient robot = client(broker).tokens(() -> "token").connect();
        open.add(robot);
        broker.access().denySubject("tester", Duration.ofHours(1));
        assertThat(status(State.ENDED).code()).isEqualTo(4403);
        assertThatThrownBy(() -> soon(robot.publish(BATTERY, 1.0))).isInstanceOf(ConnectionEndedException.class);
    }

    @Test
    void closingEndsLoopsAndTellsTheRobot() throws Exception {
        RobotStreamBroker broker = start(anonymous());
        RobotStreamClient robot = client(broker).connect();
        ClientSubscription<Double> subscription = robot.subscribe(BATTERY);
        soon(subscription.accepted());
        CompletableFuture<Integer> loop = CompletableFuture.supplyAsync(() -> {
            int number = 0;
            for (RobotMessage<Double> message : subscription) {
                number += message.value().intValue();
            }
            return number;
        });
        robot.close();
        robot.close();
        assertThat(soon(loop)).isZero();
        await().atMost(PATIENCE).until(() -> broker.sessions().isEmpty());
        assertThatThrownBy(() -> soon(robot.publish(BATTERY, 1.0))).isInstanceOf(ConnectionEndedException.class);
        assertThatThrownBy(() -> robot.subscribe(BATTERY).next(PATIENCE)).isInstanceOf(ConnectionEndedException.class);
    }

    @Test
    void aStopStopsTheRobotOnEachStopTopicThatTheTokenPermits() throws Exception {
        Topic<Boolean> stop = Topic.state("stop", Boolean.class);
        RobotStreamBroker broker = start(anonymous().topic(stop, topic -> topic.stop(true)));
        try (RobotStreamClient robot = client(broker).connect()) {
            assertThat(soon(robot.topics("stop")).get(0).stopValue()).contains("true");
            assertThat(soon(robot.stop())).containsExactly("stop");
            assertThat(broker.latest(stop)).contains(true);
        }
    }

    @Test
    void aStopThatIsNotAcknowledgedFails() throws Exception {
        RobotStreamBroker broker = start(anonymous());
        RobotStreamClient robot = client(broker).connect();
        assertThatThrownBy(() -> soon(robot.stop()))
                .hasMessageContaining("no stop topic")
                .isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> soon(robot.stop(Duration.ZERO)))
                .hasMessageContaining("nothing came within 0 ms to stop");
        robot.close();
        assertThatThrownBy(() -> soon(robot.stop())).isInstanceOf(ConnectionEndedException.class);
    }

    private RobotStreamBroker start(BrokerBuilder builder) throws Exception {
        RobotStreamBroker broker = builder.start();
        open.add(broker);
        return broker;
    }

    private static BrokerBuilder builder() {
        return RobotStreamBroker.builder().port(0);
    }

    private static BrokerBuilder anonymous() {
        return builder().anonymousAccess(Permissions.all());
    }

    private static TokenVerifier lasting(Duration life) {
        return request -> ClientPrincipal.of("tester", Permissions.all())
                .expiringAt(Instant.now().plus(life));
    }

    private ClientBuilder client(RobotStreamBroker broker) {
        return RobotStreamClient.at(
                        URI.create("ws://127.0.0.1:" + broker.address().getPort()))
                .timeout(PATIENCE)
                .onStatus(statuses::add);
    }

    private ConnectionStatus status(State wanted) throws InterruptedException {
        for (; ; ) {
            ConnectionStatus status = statuses.poll(30, TimeUnit.SECONDS);
            assertThat(status).as("no status %s", wanted).isNotNull();
            if (status.state() == wanted) {
                return status;
            }
        }
    }

    private static <T> T soon(CompletableFuture<T> result) throws Exception {
        try {
            return result.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception known ? known : failed;
        }
    }
}
