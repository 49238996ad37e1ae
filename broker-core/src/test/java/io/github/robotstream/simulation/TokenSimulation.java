package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.TestHooks;
import io.github.robotstream.Topic;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A broker whose clients have tokens that end and bring newer ones, with other rights, later or earlier ends, or in vain, while somebody sets the
 * wall clock. They read topics, one of bytes among them, and {@code server_logs}, from a level on, in both styles of frames, bytes in base64 or as they are. Each client that always reads has at each rest
 * exactly what its rights, its subscriptions and its time give it; one that stalls has at no time more.
 */
final class TokenSimulation extends SteppedBroker {
    static final int CLIENTS = 4;
    static final List<String> TOPICS = List.of("a", "b");
    static final List<String> FILTERS = List.of("a", "b", "#", "camera", "server_logs");
    /** What tokens give, from much to little. */
    static final List<Rights> RIGHTS = List.of(
            new Rights(Set.of("a", "b", "#", "camera", "server_logs"), Set.of("a", "b")),
            new Rights(Set.of("a", "camera", "server_logs"), Set.of("a")),
            new Rights(Set.of("a", "b", "#", "camera"), Set.of()));

    private static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");
    private static final Pattern BASE64 = Pattern.compile("\"type\":\"image/jpeg\",\"data\":\"([^\"]+)\"");
    private static final Pattern BYTES = Pattern.compile("\"type\":\"image/jpeg\"}} *(\\d+)$");

    private static final long NEVER = Long.MAX_VALUE;
    private static final long PATIENCE_NANOS = 20_000_000_000L;
    /** Of errors the broker tells ten a second, and of tokens it takes five at once. */
    private static final int REQUESTS_OF_A_KIND = 4;

    private static final long A_WHILE_NANOS = 4_000_000_000L;
    private static final Pattern EVENT = Pattern.compile("\"event\":\"e(\\d+)\"");
    private static final String FLAT = "{\"name\":\"";

    private final List<Client> clients = new ArrayList<>();
    /** Entries of robot code by their numbers. */
    private final List<LogEntry.Level> logged = new ArrayList<>();

    private long lastValue;

    /** Filters that may be subscribed to, and topics that may be published on. */
    record Rights(Set<String> filters, Set<String> topics) {
        Permissions permissions() {
            return Permissions.none().subscribe(filters.toArray(new String[0])).publish(topics.toArray(new String[0]));
        }
    }

    /** What a token says. */
    record Token(String subject, int rights, long endMillis) {
        static Token parse(String text) {
            String[] parts = text.split("_", 3);
            return new Token(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
        }

        String text() {
            return subject + "_" + rights + "_" + endMillis;
        }
    }

    private static final class Client extends AskingClient {
        final boolean isFlat;
        /** Whether it asks for bytes as they are. */
        final boolean wantsBytes;
        /** Levels of entries wanted, by filter; those of topics mean nothing. */
        final Map<String, LogEntry.Level> wanted = new LinkedHashMap<>();
        /** The same, by what the client has read so far. */
        final Set<String> confirmed = new HashSet<>();

        final Map<String, Deque<Long>> due = new HashMap<>();
        final Deque<Long> errors = new ArrayDeque<>();
        final Deque<Long> tokens = new ArrayDeque<>();
        Rights rights;
        /** When its token ends: as is known by the broker, and by the wall clock as it is set now; on the monotonic clock. */
        long endNanos;

        long wallEndNanos;
        boolean reads;
        boolean hasStalled;

        Client(String name, boolean isFlat, boolean wantsBytes) {
            super(name);
            this.isFlat = isFlat;
            this.wantsBytes = wantsBytes;
        }

        boolean wants(String topic) {
            return covers(wanted.keySet(), topic);
        }

        @Override
        void isCut() {
            super.isCut();
            wanted.clear();
            confirmed.clear();
            due.clear();
            errors.clear();
            tokens.clear();
        }
    }

    private static boolean covers(Set<String> filters, String topic) {
        return filters.contains(topic) || (filters.contains("#") && !topic.equals("server_logs"));
    }

    private static final class Verifier implements TokenVerifier {
        @Override
        public ClientPrincipal verify(AccessRequest request) throws TokenRejectedException {
            String text = request.token().orElseThrow();
            if (text.equals("bad")) {
                throw new TokenRejectedException(TokenRejectedException.Reason.TOKEN_INVALID, "not a token");
            }
            Token token = Token.parse(text);
            ClientPrincipal principal =
                    ClientPrincipal.of(token.subject, RIGHTS.get(token.rights).permissions());
            return token.endMillis == 0 ? principal : principal.expiringAt(Instant.ofEpochMilli(token.endMillis));
        }

        @Override
        public boolean mayBlock() {
            return false;
        }
    }

    TokenSimulation() throws IOException {
        var builder = builder(new Verifier()).limits(limits -> limits.requestRate(RequestRate.unlimited()));
        TOPICS.forEach(name ->
                builder.topic(Topic.state(name, "int", Long.class), settings -> settings.uncheckedFromClients()));
        start(builder.topic(CAMERA, settings -> {}));
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client("c" + i, i == 1, i == 2));
            connect(clients.get(i), 0, 0);
        }
        settle();
    }

    // What is done.

    private Token token(String subject, int rights, int ttlMillis) {
        return new Token(subject, rights, ttlMillis == 0 ? 0 : clock.now().toEpochMilli() + ttlMillis);
    }

    /** By the monotonic clock. */
    private long endNanos(Token token) {
        return token.endMillis == 0
                ? NEVER
                : now.nanos
                        + Duration.between(clock.now(), Instant.ofEpochMilli(token.endMillis))
                                .toNanos();
    }

    void cutOrConnect(int index, int rights, int ttlMillis) {
        Client client = clients.get(index);
        if (client.connection == null) {
            connect(client, rights, ttlMillis);
        } else {
            client.isCut();
        }
        settle();
    }

    private void connect(Client client, int rights, int ttlMillis) {
        Token token = token(client.name, rights, ttlMillis);
        client.connection = new SimulatedConnection(now, 2_000);
        network.connect(token.text() + (client.isFlat ? "&frame=flat" : ""), client.connection);
        client.rights = RIGHTS.get(rights);
        client.endNanos = endNanos(token);
        client.wallEndNanos = client.endNanos;
        client.reads = true;
        client.hasStalled = false;
    }

    /** A newer token, by which what the client asks next is judged, though that comes with it. */
    void renews(int index, int rights, int ttlMillis, Consumer<TokenSimulation> next) {
        Client client = clients.get(index);
        if (client.connection == null || !mayAsk(client, client.tokens)) {
            return;
        }
        Token token = token(client.name, rights, ttlMillis);
        ask(client, "\"action\":\"auth\",\"token\":\"" + token.text() + "\"", ends(client, rights));
        client.rights = RIGHTS.get(rights);
        client.endNanos = endNanos(token);
        client.wallEndNanos = client.endNanos;
        client.wanted.keySet().retainAll(client.rights.filters);
        next.accept(this);
        settle();
    }

    /** What is told of subscriptions that the rights do not cover, each before the ack. */
    private Consumer<Frame> ends(Client client, int rights) {
        List<String> ending = client.wanted.keySet().stream()
                .filter(filter -> !RIGHTS.get(rights).filters.contains(filter))
                .toList();
        ending.forEach(filter -> client.replies.add(frame -> {
            assertThat(frame.member("action")).isEqualTo("\"unsubscribed\"");
            String ended = frame.member("topic").replace("\"", "");
            assertThat(ending).contains(ended);
            assertThat(client.confirmed.remove(ended)).as("%s has ended", ended).isTrue();
        }));
        return ack -> assertThat(ack.member("ended")).as("%s", ack).isEqualTo(String.valueOf(ending.size()));
    }

    /** A token that is not taken changes nothing. */
    void renewsInVain(int index, int kind) {
        Client client = clients.get(index);
        if (client.connection == null || !mayAsk(client, client.tokens) || !mayAsk(client, client.errors)) {
            return;
        }
        String token = switch (kind) {
            case 0 -> "bad";
            case 1 -> token("c9", 0, 0).text();
            default -> token(client.name, 0, -1_000).text();
        };
        String code = List.of("unauthorized", "forbidden", "token_expired").get(kind);
        ask(client, "\"action\":\"auth\",\"token\":\"" + token + "\"", code(code));
        settle();
    }

    private boolean mayAsk(Client client, Deque<Long> asked) {
        asked.removeIf(at -> now.nanos - at > A_WHILE_NANOS);
        boolean may = asked.size() < REQUESTS_OF_A_KIND;
        if (may) {
            asked.add(now.nanos);
        }
        return may && client.replies.size() < 2 * REQUESTS_OF_A_KIND;
    }

    private static Consumer<Frame> code(String code) {
        return reply ->
                assertThat(reply.member("code")).as("%s", reply).isEqualTo(code.isEmpty() ? "" : "\"" + code + "\"");
    }

    void subscribes(int index, String filter, LogEntry.Level level) {
        Client client = clients.get(index);
        boolean allowed = client.connection != null && client.rights.filters.contains(filter);
        if (client.connection == null || !(allowed || mayAsk(client, client.errors))) {
            return;
        }
        if (allowed) {
            boolean isNew = client.wanted.put(filter, level) == null;
            if (isNew && filter.equals("server_logs")) {
                for (int i = 0; i < logged.size(); i++) {
                    offer(client, "server_logs", i, logged.get(i).compareTo(level) >= 0);
                }
            }
        }
        String retained = filter.equals("server_logs") ? "" : ",\"retained\":false,\"policy\":\"queue\"";
        String binary = client.wantsBytes ? ",\"binary\":true" : "";
        String options = ",\"options\":{\"min_level\":\"" + level + "\"" + retained + binary + "}";
        ask(client, "\"action\":\"subscribe\",\"topic\":\"" + filter + "\"" + options, reply -> {
            code(allowed ? "" : "forbidden").accept(reply);
            if (allowed) {
                client.confirmed.add(filter);
            }
        });
    }

    void publishes(int index, String topic) {
        Client client = clients.get(index);
        boolean allowed = client.connection != null && client.rights.topics.contains(topic);
        if (client.connection == null || !(allowed || mayAsk(client, client.errors))) {
            return;
        }
        lastValue++;
        if (allowed) {
            clients.forEach(each -> offer(each, topic, lastValue, each.wants(topic)));
        }
        String data = ",\"data\":{\"name\":\"" + topic + "\",\"type\":\"int\",\"data\":" + lastValue + "}";
        ask(client, "\"action\":\"publish\",\"topic\":\"" + topic + "\"" + data, code(allowed ? "" : "forbidden"));
    }

    void robotPublishes(String topic, int count) {
        for (int i = 0; i < count; i++) {
            lastValue++;
            clients.forEach(each -> offer(each, topic, lastValue, each.wants(topic)));
            broker.publish(Topic.state(topic, "int", Long.class), lastValue);
        }
        settle();
    }

    void robotPublishesBytes(int count) {
        for (int i = 0; i < count; i++) {
            lastValue++;
            clients.forEach(each -> offer(each, CAMERA.name(), lastValue, each.wants(CAMERA.name())));
            broker.publish(CAMERA, ByteBuffer.wrap(String.valueOf(lastValue).getBytes(StandardCharsets.UTF_8)));
        }
        settle();
    }

    /** Each entry is of an event of its own, so that none is taken for a repetition. */
    void robotLogs(LogEntry.Level level) {
        int number = logged.size();
        logged.add(level);
        clients.forEach(each -> {
            LogEntry.Level least = each.wanted.get("server_logs");
            offer(each, "server_logs", number, least != null && level.compareTo(least) >= 0);
        });
        broker.log(LogEntry.of(level, "e" + number, "something has happened"));
        settle();
    }

    private static void offer(Client client, String topic, long value, boolean isWanted) {
        if (client.connection != null && isWanted) {
            client.due.computeIfAbsent(topic, name -> new ArrayDeque<>()).add(value);
        }
    }

    private void ask(Client client, String members, Consumer<Frame> reply) {
        note(client + " sends " + client.ask(members, reply).replaceAll("_\\d+\"", "\""));
    }

    void reads(int index, boolean value) {
        Client client = clients.get(index);
        client.reads = value;
        client.hasStalled |= !value;
        settle();
    }

    void advance(long nanos) {
        goOn(nanos);
        settle();
    }

    /** One that is set ahead brings the ends of tokens nearer, when the broker looks, within a second; one that is set back changes none. */
    void stepWallClock(int seconds) {
        long jumped = now.nanos;
        jumpWallClock(seconds);
        goOn(1_000_000_000L);
        for (Client client : clients) {
            if (client.wallEndNanos < NEVER) {
                client.wallEndNanos -= seconds * 1_000_000_000L;
                client.endNanos = Math.min(client.endNanos, Math.max(jumped + 1, client.wallEndNanos));
            }
        }
        settle();
    }

    // Rests.

    void settle() {
        boolean more = true;
        for (int rounds = 0; more; rounds++) {
            assertThat(rounds).as("rounds without a rest").isLessThan(MOST_STEPS);
            takeSteps();
            awaitVerdicts();
            more = false;
            for (Client client : clients) {
                more |= client.connection != null && client.reads && read(client);
            }
        }
        now.rests++;
        clients.forEach(this::check);
    }

    private void awaitVerdicts() {
        long began = System.nanoTime();
        while (!TestHooks.isIdle(broker)) {
            assertThat(System.nanoTime() - began).as("a wait for the verifier").isLessThan(PATIENCE_NANOS);
            LockSupport.parkNanos(20_000);
            takeSteps();
        }
        takeSteps();
    }

    private boolean read(Client client) {
        List<Frame> frames = client.connection.read(Integer.MAX_VALUE);
        frames.forEach(frame -> accept(client, frame));
        return !frames.isEmpty();
    }

    private void accept(Client client, Frame frame) {
        note(client.name + " reads " + (frame.text.contains("server_logs") ? "an entry" : frame));
        assertThat(frame.handedOver.nanos).as("when %s was sent", frame).isLessThan(client.endNanos);
        boolean isFlat = frame.text.startsWith(FLAT);
        if (isFlat || frame.isMessage()) {
            assertThat(isFlat).as("the style of %s", frame).isEqualTo(client.isFlat);
            acceptMessage(client, frame, isFlat ? flatName(frame) : frame.topic());
        } else if (frame.member("action").equals("\"auth_expiring\"")) {
            assertThat(Long.parseLong(frame.member("in_ms"))).as("%s", frame).isLessThanOrEqualTo(60_000);
        } else {
            client.acceptReply(frame);
        }
    }

    private static String flatName(Frame frame) {
        return frame.text.substring(FLAT.length(), frame.text.indexOf('"', FLAT.length()));
    }

    private static void acceptMessage(Client client, Frame frame, String topic) {
        assertThat(covers(client.confirmed, topic))
                .as("%s is subscribed to what brings %s", client.name, frame)
                .isTrue();
        Matcher event = EVENT.matcher(frame.text);
        if (topic.equals("server_logs") && !event.find()) {
            return; // the broker's own
        }
        long value = switch (topic) {
            case "server_logs" -> Long.parseLong(event.group(1));
            case "camera" -> bytesOf(client, frame);
            default -> frame.intValue();
        };
        Deque<Long> due = client.due.getOrDefault(topic, new ArrayDeque<>());
        while (client.hasStalled && !due.isEmpty() && due.peek() < value) {
            due.remove();
        }
        assertThat(due.poll())
                .as("what %s is sent next: %s", client.name, frame)
                .isEqualTo(value);
    }

    private static long bytesOf(Client client, Frame frame) {
        Matcher bytes = (client.wantsBytes ? BYTES : BASE64).matcher(frame.text);
        assertThat(bytes.find()).as("the form of %s", frame).isTrue();
        String value = bytes.group(1);
        return Long.parseLong(
                client.wantsBytes ? value : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
    }

    private void check(Client client) {
        if (client.connection == null) {
            return;
        }
        boolean hasEnded = now.nanos >= client.endNanos;
        assertThat(client.connection.isClosing())
                .as("whether %s is closed at %s, whose token ends at %s", client.name, now.nanos, client.endNanos)
                .isEqualTo(hasEnded);
        if (hasEnded) {
            assertThat(client.connection.closeCode()).isEqualTo(4401);
            assertThat(client.connection.closeReason()).startsWith("token_expired:");
            read(client);
            client.isCut();
        } else if (client.reads && !client.hasStalled) {
            assertThat(client.replies).as("replies to %s", client.name).isEmpty();
            client.due.forEach((topic, due) -> assertThat(due)
                    .as("what %s misses of %s", client.name, topic)
                    .isEmpty());
        }
    }

    @Override
    public void finish() {
        clients.forEach(client -> client.reads = true);
        settle();
        TOPICS.forEach(topic -> robotPublishes(topic, 1));
        clients.forEach(Client::isCut);
        settle();
        assertThat(broker.sessions()).isEmpty();
        assertThat(broker.stats().queued()).as("what waits at the end").isZero();
    }
}
