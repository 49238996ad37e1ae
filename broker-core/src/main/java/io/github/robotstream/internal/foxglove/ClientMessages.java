package io.github.robotstream.internal.foxglove;

import static io.github.robotstream.internal.json.JsonScan.ABSENT;
import static io.github.robotstream.internal.json.JsonScan.ROOT;

import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.json.JsonErrors;
import io.github.robotstream.internal.json.JsonException;
import io.github.robotstream.internal.json.JsonKind;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.protocol.SubscribeOptions;
import io.github.robotstream.internal.protocol.SubscribeOptions.Policy;
import io.github.robotstream.internal.protocol.TopicNotice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes requests of what one client sends, which names channels by numbers and so needs to be remembered. The thread that reads. */
final class ClientMessages {
    private static final byte MESSAGE_DATA = 1;
    private static final int MESSAGE_HEAD_BYTES = 5;
    /** Viewers show no more, and warn of it. */
    private static final double MOST_HZ = 60;

    private final Foxglove.Parts parts;
    private final Publications publications;
    private final ServiceCalls calls;
    /** What the client is subscribed to, or was refused, by its own numbers. */
    private final Map<Integer, Subscribed> subscriptions = new HashMap<>();

    private boolean toldFull;
    private volatile Permissions rights = Permissions.none();

    private record Subscribed(String topic, Form form) {}

    ClientMessages(Foxglove.Parts parts) {
        this.parts = parts;
        this.publications = new Publications(parts.declared());
        this.calls = new ServiceCalls(parts.services());
    }

    /** Channels of other topics do not exist for the client; any thread. */
    void rights(Permissions value) {
        rights = value;
    }

    void binary(byte[] message, JsonScan scan, Consumer<Request> requests) throws RequestRejectedException {
        if (message.length >= MESSAGE_HEAD_BYTES && message[0] == MESSAGE_DATA) {
            int channel =
                    ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(1);
            requests.accept(publications.message(channel, message, MESSAGE_HEAD_BYTES, scan));
        } else if (message.length >= ServiceCalls.HEAD_BYTES && message[0] == ServiceCalls.REQUEST) {
            requests.accept(calls.read(message, rights, scan));
        } else {
            throw Rejections.badRequest("a binary message has to be message data: the byte 1, a channel in 4 bytes,"
                    + " and a text in JSON; or a service call request: the byte 2, a service, a call and the length of the"
                    + " encoding in 4 bytes each, the encoding, and a text in JSON");
        }
    }

    void text(byte[] utf8, JsonScan scan, Consumer<Request> requests) throws RequestRejectedException {
        try {
            scan.read(utf8, 0, utf8.length);
        } catch (JsonException e) {
            throw Rejections.of(ErrorCode.BAD_JSON, String.valueOf(e.getMessage()));
        }
        int member = scan.kind(ROOT) == JsonKind.OBJECT ? scan.member(ROOT, "op") : ABSENT;
        if (member == ABSENT || scan.kind(member) != JsonKind.STRING) {
            throw Rejections.badRequest("a message has to be an object with \"op\", a string");
        }
        switch (scan.text(member)) {
            case "subscribe" -> subscribe(list(scan, utf8, "subscriptions"), requests);
            case "unsubscribe" ->
                Elements.each(
                        "subscriptionIds",
                        list(scan, utf8, "subscriptionIds"),
                        element -> unsubscribe(element.number(), requests));
            case "advertise" ->
                Elements.each(
                        "channels", list(scan, utf8, "channels"), element -> publications.announce(element.members()));
            case "unadvertise" ->
                Elements.each(
                        "channelIds",
                        list(scan, utf8, "channelIds"),
                        element -> publications
                                .end(element.number())
                                .ifPresent(topic -> requests.accept(new Request.Release(Optional.empty(), topic))));
            default ->
                throw Rejections.of(
                        ErrorCode.UNKNOWN_ACTION,
                        "there is no op \"" + JsonErrors.excerpt(scan.text(member))
                                + "\"; known are subscribe, unsubscribe, advertise, unadvertise");
        }
    }

    private static byte[] list(JsonScan scan, byte[] utf8, String key) throws RequestRejectedException {
        int member = scan.member(ROOT, key);
        if (member == ABSENT) {
            throw Rejections.badRequest("the message lacks \"" + key + "\", an array; add it");
        }
        return Arrays.copyOfRange(utf8, scan.valueStart(member), scan.valueEnd(member));
    }

    /** Subscribes to all that it can, and tells of the first that it cannot. */
    private void subscribe(byte[] list, Consumer<Request> requests) throws RequestRejectedException {
        First first = new First();
        Elements.each("subscriptions", list, element -> {
            Elements.Members wanted = element.members();
            try {
                subscribe(wanted.number("id"), wanted.number("channelId"), requests);
            } catch (RequestRejectedException e) {
                first.keep(e);
            }
        });
        first.rethrow();
    }

    private static final class First {
        private @Nullable RequestRejectedException failure;

        void keep(RequestRejectedException next) {
            failure = failure == null ? next : failure;
        }

        void rethrow() throws RequestRejectedException {
            if (failure != null) {
                throw failure;
            }
        }
    }

    private void subscribe(int number, int channel, Consumer<Request> requests) throws RequestRejectedException {
        Optional<TopicNotice> topic =
                parts.topics().apply(channel).filter(known -> rights.maySubscribe(TopicFilter.of(known.name())));
        if (topic.isEmpty()) {
            throw Rejections.badRequest("there is no channel " + Integer.toUnsignedString(channel) + " now");
        }
        if (subscriptions.containsKey(number)) {
            throw Rejections.badRequest("there is a subscription " + Integer.toUnsignedString(number)
                    + " already: take another id, or unsubscribe it first");
        }
        if (subscriptions.size() >= parts.mostSubscriptions()) {
            tellFull();
            return;
        }
        Form form = Channel.of(topic.get()).form();
        String name = topic.get().name();
        subscriptions.put(number, new Subscribed(name, form));
        requests.accept(new Request.Subscribe(
                Optional.empty(), name, Optional.of(form.nameOf(number)), options(form), Map.of()));
    }

    /** Once: a recorder subscribes to all channels, each by a message of its own, and is not to be sent away for its errors. */
    private void tellFull() throws RequestRejectedException {
        if (!toldFull) {
            toldFull = true;
            throw Rejections.of(
                    ErrorCode.TOO_MANY_SUBSCRIPTIONS,
                    "a session may hold " + parts.mostSubscriptions()
                            + " subscriptions: this one and further ones were not made");
        }
    }

    /** Of each topic the newest value is of use; of the log all. */
    private static SubscribeOptions options(Form form) {
        boolean all = form == Form.LOG;
        return new SubscribeOptions(
                Optional.empty(),
                Optional.empty(),
                all ? Optional.empty() : Optional.of(Policy.LATEST),
                Optional.empty(),
                Optional.empty(),
                all ? Optional.empty() : Optional.of(MOST_HZ),
                Optional.empty(),
                Optional.of(true),
                Optional.of(true));
    }

    private void unsubscribe(int number, Consumer<Request> requests) throws RequestRejectedException {
        Subscribed present = subscriptions.remove(number);
        if (present != null) {
            toldFull = false;
            requests.accept(
                    new Request.Unsubscribe(Optional.empty(), present.topic, Optional.of(present.form.nameOf(number))));
        }
    }
}
