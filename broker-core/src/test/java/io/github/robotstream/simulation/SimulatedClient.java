package io.github.robotstream.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.simulation.Frame.Note;
import io.github.robotstream.simulation.TopicModel.Publication;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that checks all that it is sent: replies by the order of its requests, messages by its subscriptions. */
final class SimulatedClient {
    /** The broker tells ten a second. */
    private static final int ERRORS_A_SECOND = 8;
    /** Beyond that many replies that it has not read, its requests may wait. */
    private static final int CERTAIN_REPLIES = 40;

    private static final int MAX_FRAME_BYTES = 1 << 20;
    /** What may stand behind the value of a message, at the most. */
    private static final int NOTE_BYTES = 513;
    /** Of so many subscriptions the newest values have room in any queue. */
    private static final int MOST_CERTAIN = 8;

    final String name;
    final Permissions rights;
    /** How many bytes it reads at a time. */
    int appetite = Integer.MAX_VALUE;

    private final World world;
    private @Nullable SimulatedConnection connection;
    private final Deque<Expected> expected = new ArrayDeque<>();
    /** By filter and name, when all requests are done. */
    private final Map<String, SubscriptionModel> wanted = new LinkedHashMap<>();
    /** Those of which messages may come. */
    private final List<SubscriptionModel> present = new ArrayList<>();
    /** Frames whose numbers nobody has been told yet. */
    private final Deque<Frame> inbox = new ArrayDeque<>();

    private final Map<TopicModel, Long> unnamedLast = new HashMap<>();
    private final Deque<Long> errors = new ArrayDeque<>();
    private final List<Publication> published = new ArrayList<>();
    /** How large frames it takes, since when, and the least that it has said. */
    private int frameBytes = MAX_FRAME_BYTES;

    private Moment frameBytesSaid = new Moment();
    private int leastFrameBytes = MAX_FRAME_BYTES;
    private int pagesAwaited;
    private boolean wasReliable;
    private boolean mayLoseNewest;
    private int lastId;

    /** A reply that has to come. */
    private record Expected(String id, String action, String code, Consumer<Frame> then) {}

    SimulatedClient(World world, String name, Permissions rights) {
        this.world = world;
        this.name = name;
        this.rights = rights;
    }

    boolean isThere() {
        return connection != null;
    }

    void comes(SimulatedConnection fresh) {
        connection = fresh;
        appetite = Integer.MAX_VALUE;
    }

    void isCut() {
        if (connection != null) {
            connection.cut();
            // What it published last may itself be too much for a subscription of its own that must not lose.
            published.forEach(value -> value.isCertain &= !wasReliable);
            leaves();
        }
    }

    private void leaves() {
        connection = null;
        expected.clear();
        wanted.clear();
        present.clear();
        inbox.clear();
        unnamedLast.clear();
        errors.clear();
        published.clear();
        frameBytes = MAX_FRAME_BYTES;
        leastFrameBytes = MAX_FRAME_BYTES;
        frameBytesSaid = new Moment();
        pagesAwaited = 0;
        wasReliable = false;
        mayLoseNewest = false;
    }

    /** Whether what it asks now is done at once. */
    private boolean isServedAtOnce() {
        return expected.size() < CERTAIN_REPLIES && pagesAwaited == 0;
    }

    boolean mayErr() {
        while (!errors.isEmpty() && world.now().nanos - errors.peek() > 1_000_000_000L) {
            errors.remove();
        }
        // What waits to be told counts when it is told.
        return errors.size() < ERRORS_A_SECOND && expected.stream().allMatch(reply -> reply.code.isEmpty());
    }

    private void send(String text) {
        world.note(name + " sends " + text);
        connection.write(text);
    }

    private String id() {
        lastId++;
        return "\"id\":" + lastId;
    }

    private void expect(String action, String code, Consumer<Frame> then) {
        if (!code.isEmpty()) {
            errors.add(world.now().nanos);
        }
        expected.add(new Expected(String.valueOf(lastId), action, code, then));
    }

    // What it asks.

    void ping() {
        send("{\"action\":\"ping\"," + id() + ",\"t\":7}");
        expect("pong", "", pong -> assertThat(pong.member("t")).isEqualTo("7"));
    }

    void hello() {
        send("{\"action\":\"hello\"," + id() + "}");
        expect("ack", "", ack -> {});
    }

    /** From the next rest on it takes frames of so many bytes, of what is published then. */
    void hello(int bytes) {
        if (isServedAtOnce()) {
            send("{\"action\":\"hello\"," + id() + ",\"max_frame_bytes\":" + bytes + "}");
            expect("ack", "", ack -> assertThat(ack.member("frame_bytes")).isEqualTo(String.valueOf(bytes)));
            frameBytes = bytes;
            leastFrameBytes = Math.min(leastFrameBytes, bytes);
            frameBytesSaid = world.now();
        }
    }

    /** Whether a message may be larger than the client takes, or took. */
    boolean mayBeTooLarge(Publication value) {
        return value.frame.length() + NOTE_BYTES > leastFrameBytes;
    }

    /** Whether it is, however it is sent. */
    boolean isTooLarge(Publication value) {
        return value.frame.length() > frameBytes && value.at.rests > frameBytesSaid.rests;
    }

    long surelyTooLarge() {
        return wanted.values().stream()
                .mapToLong(SubscriptionModel::surelyTooLarge)
                .sum();
    }

    void topics() {
        send("{\"action\":\"topics\"," + id() + "}");
        pagesAwaited++;
        expect("ack", "", ack -> pagesAwaited--);
    }

    private static String head(String action, String filter, String sub) {
        return "{\"action\":\"" + action + "\",\"topic\":\"" + filter + "\""
                + (sub.isEmpty() ? "" : ",\"sub\":\"" + sub + "\"");
    }

    void subscribe(String filter, String sub, Options asked, boolean withId) {
        boolean allowed = rights.maySubscribe(TopicFilter.of(filter));
        SubscriptionModel known = wanted.get(filter + sub);
        if (!allowed && (!withId || !mayErr())) {
            return;
        }
        Options options = known == null ? asked : asked.withMeta(known.options().meta());
        boolean isServedAtOnce = isServedAtOnce();
        send(head("subscribe", filter, sub) + (withId ? "," + id() : "") + ",\"options\":" + options.json() + "}");
        if (!allowed) {
            expect("error", "forbidden", error -> {});
            return;
        }
        wasReliable |= options.isReliable();
        SubscriptionModel model = known;
        if (model == null) {
            model = new SubscriptionModel(world, this, filter, sub, options);
            findOverlaps(model);
            wanted.put(filter + sub, model);
            present.add(model);
            mayLoseNewest |= present.size() > MOST_CERTAIN
                    || (present.size() > 1 && present.stream().anyMatch(each -> !each.isOfOneTopic()));
        } else {
            model.changes(options);
        }
        model.isExact &= isServedAtOnce;
        model.isAcked |= !withId;
        SubscriptionModel acked = model;
        if (withId) {
            expect("ack", "", ack -> acked.isAcked = true);
        }
    }

    /** Subscribes to everything though nobody knows what is there. */
    void learnsWhatWasStored() {
        subscribe("#", "stored", Options.EVERYTHING, true);
        present.forEach(model -> model.isExact = false);
    }

    /** Of two without a name either gets what both match, and one that ends leaves its messages to the other. */
    private void findOverlaps(SubscriptionModel added) {
        for (SubscriptionModel other : present) {
            boolean isSame = other.filter.equals(added.filter) && other.name.equals(added.name);
            if (isSame || (!other.isNamed() && !added.isNamed() && other.overlaps(added))) {
                other.isExact = false;
                added.isExact = false;
            }
        }
    }

    void unsubscribe(int which, boolean withId) {
        if (wanted.isEmpty()) {
            if (mayErr()) {
                send(head("unsubscribe", "never", "") + "," + id() + "}");
                expect("error", "not_subscribed", error -> {});
            }
            return;
        }
        SubscriptionModel model = List.copyOf(wanted.values()).get(which % wanted.size());
        wanted.remove(model.filter + model.name);
        send(head("unsubscribe", model.filter, model.name) + (withId ? "," + id() : "") + "}");
        model.isExact &= isServedAtOnce();
        if (withId) {
            expect("ack", "", ack -> present.remove(model));
        }
    }

    /** Publishes what is made for it, or asks in vain. */
    void publish(Publication value, boolean withId, String more, boolean isStale) {
        boolean allowed = rights.mayPublish(value.topic.name);
        String code = allowed ? isStale ? "stale" : "" : "forbidden";
        value.isCertain = code.isEmpty();
        value.topic.unnumbered += code.isEmpty() ? 1 : 0;
        boolean needsId = withId || value.notTo != null || !code.isEmpty();
        if (!code.isEmpty() && !mayErr()) {
            return;
        }
        String frame = value.frame;
        send(frame + (needsId ? "," + id() : "") + more + "}");
        if (code.isEmpty()) {
            published.add(value);
        }
        if (needsId) {
            expect(code.isEmpty() ? "ack" : "error", code, reply -> {
                if (code.isEmpty()) {
                    value.topic.learn(value, Long.parseLong(reply.member("seq")), world.now());
                }
            });
        }
    }

    // What it is sent.

    /** Reads as much as it likes; returns whether anything came. */
    boolean reads() {
        if (connection == null) {
            return false;
        }
        List<Frame> frames = connection.read(appetite);
        for (Frame frame : frames) {
            world.note(name + " reads " + frame.text);
            inbox.add(frame);
        }
        look();
        if (connection != null && connection.hasEnded()) {
            endedByBroker();
        }
        return !frames.isEmpty();
    }

    /** Checks what it has read, up to a message whose number nobody knows. */
    void look() {
        while (!inbox.isEmpty() && accept(inbox.peek())) {
            inbox.remove();
        }
    }

    boolean hasLooked() {
        return inbox.isEmpty();
    }

    private void endedByBroker() {
        world.note(name + " is closed with " + connection.closeCode() + " " + connection.closeReason());
        boolean isTooSlow = wasReliable && connection.closeReason().startsWith("too_slow:");
        assertThat(connection.closeCode())
                .as("why %s is closed: %s", name, connection.closeReason())
                .isEqualTo(isTooSlow ? 4429 : 1001);
        published.forEach(value -> value.isCertain = false);
        leaves();
    }

    private boolean accept(Frame frame) {
        if (!frame.isMessage()) {
            acceptReply(frame);
            return true;
        }
        Publication value = world.publication(frame.number());
        assertThat(frame.text).as("what %s was sent", name).startsWith(value.frame);
        Note note = frame.note(value);
        if (note.hasMeta()) {
            checkNote(note, value, frame);
        }
        if (value.number == 0) {
            return false;
        }
        assertThat(isTooLarge(value))
                .as("it is too large for %s: %s", name, frame)
                .isFalse();
        assertThat(rights.maySubscribe(TopicFilter.of(value.topic.name)))
                .as("%s may read %s", name, value.topic)
                .isTrue();
        acceptMessage(frame, value, note);
        return true;
    }

    private void checkNote(Note note, Publication value, Frame frame) {
        value.topic.learnEpoch(note.epoch());
        value.topic.learn(value, note.number("seq"), world.now());
        assertThat(note.from()).as("the publisher in %s", frame).isEqualTo("\"" + value.publisher + "\"");
        if (world.isOfThisRun(value)) {
            assertThat(note.number("mono"))
                    .as("the time of %s", frame)
                    .isEqualTo((value.at.nanos - world.startedNanos()) / 1_000);
        }
    }

    private void acceptMessage(Frame frame, Publication value, Note note) {
        List<SubscriptionModel> takers = present.stream()
                .filter(model -> model.name.equals(note.sub()) && model.isAcked && model.matches(value.topic))
                .toList();
        assertThat(takers).as("subscriptions of %s to %s", name, frame).isNotEmpty();
        if (note.sub().isEmpty()) {
            Long last = unnamedLast.put(value.topic, value.number);
            assertThat(last == null || last <= value.number)
                    .as("%s was sent %s and then %s", name, last, frame)
                    .isTrue();
        }
        if (takers.size() == 1) {
            takers.get(0).accept(frame, value, note);
        }
    }

    private void acceptReply(Frame frame) {
        Expected next = expected.poll();
        assertThat(next).as("%s has asked for %s", name, frame).isNotNull();
        assertThat(frame.member("id"))
                .as("the order of replies to %s: %s", name, frame)
                .isEqualTo(next.id);
        assertThat(frame.member("action")).as("the reply %s", frame).isEqualTo("\"" + next.action + "\"");
        if (!next.code.isEmpty()) {
            assertThat(frame.member("code")).as("the reply %s", frame).isEqualTo("\"" + next.code + "\"");
        }
        next.then.accept(frame);
    }

    // At a rest.

    /** Nothing waits any more. */
    void expectRest() {
        assertThat(inbox.peek())
                .as("a message of %s whose number nobody knows", name)
                .isNull();
        assertThat(expected).as("replies to %s", name).isEmpty();
    }

    /** The newest value of each topic has come though much was lost, where not only newest values have waited. */
    void expectNewest() {
        for (SubscriptionModel model : wanted.values()) {
            Options options = model.options();
            boolean alwaysHasRoom =
                    options.policy().isEmpty() || options.policy().equals("latest");
            if (!wasReliable && !mayLoseNewest && alwaysHasRoom && options.maxAgeMs() == 0) {
                model.expectNewest();
            }
        }
    }

    void expectAll() {
        wanted.values().forEach(SubscriptionModel::expectAll);
    }

    @Override
    public String toString() {
        return name;
    }
}
