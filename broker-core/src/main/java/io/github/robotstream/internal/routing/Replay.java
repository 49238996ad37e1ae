package io.github.robotstream.internal.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription is still to be sent of what was published before it, as its queue has room: of topics for which its client gave a
 * position, what came after that ({@link TopicResume}); of others last values, those up to a certain message, as what comes
 * later is live. Where a live message comes first, the value before it is sent at once; of topics that keep several messages,
 * live ones wait here behind those. Broker thread.
 */
final class Replay {
    private final RemoteSubscriber subscriber;
    private final long upTo;
    private final Map<String, TopicResume> resumes;
    private final TopicScan scan;
    /** What is left of topics that keep several messages, and live messages behind it, which were counted as offered already. */
    private final ArrayDeque<RoutedMessage> recent = new ArrayDeque<>();

    /**
     * One of which nothing was sent.
     *
     * @param upTo the ordinal of the last message that was routed
     * @param resumes by topic: of these no last value is sent
     * @param scan finds the topics of which the last value is sent
     */
    Replay(
            RemoteSubscriber subscriber,
            TopicTable topics,
            long upTo,
            Map<String, TopicResume> resumes,
            TopicScan scan) {
        this.subscriber = subscriber;
        this.upTo = upTo;
        this.resumes = resumes;
        this.scan = scan;
        for (TopicState topic : topics.builtIns()) {
            if (!scan.hasEnded() && subscriber.filter().matches(topic.name())) {
                recent.addAll(topic.toReplay());
            }
        }
    }

    int resumedTopics() {
        return resumes.size();
    }

    /** Has messages sent, as far as the queue has room. */
    Progress goOn(TopicTable topics, DeliveryQueue queue) {
        Progress resumed = resume();
        if (resumed == Progress.MORE) {
            return resumed;
        }
        while (!recent.isEmpty() || !scan.hasEnded()) {
            if (!queue.hasRoomToReplay(subscriber)) {
                return Progress.MORE;
            }
            RoutedMessage next = recent.poll();
            if (next != null) {
                offer(next, queue);
            } else {
                offerNextTopic(topics, queue);
            }
        }
        return resumed;
    }

    private Progress resume() {
        Progress all = Progress.DONE;
        for (TopicResume resume : resumes.values()) {
            Progress one = resume.goOn();
            if (one == Progress.MORE) {
                return one;
            }
            all = one == Progress.WAITS ? one : all;
        }
        return all;
    }

    private void offer(RoutedMessage message, DeliveryQueue queue) {
        if (isLive(message)) {
            queue.offer(subscriber, message);
        } else {
            queue.offerRetained(subscriber, message);
        }
    }

    private void offerNextTopic(TopicTable topics, DeliveryQueue queue) {
        TopicState topic = scan.look(topics);
        if (topic != null && !topic.keepsSeveral()) {
            offerLatest(topic, queue);
        }
    }

    private void offerLatest(TopicState topic, DeliveryQueue queue) {
        RoutedMessage latest = topic.latest();
        if (latest != null && !isLive(latest) && !resumes.containsKey(topic.name())) {
            queue.offerRetained(subscriber, latest);
        }
    }

    private boolean isLive(RoutedMessage message) {
        return message.ordinal() > upTo;
    }

    /** Sends a topic's last value, if its turn had not come; live messages of the topic are about to follow. */
    void hurry(TopicState topic, DeliveryQueue queue) {
        if (!topic.keepsSeveral() && scan.isToCome(topic.name())) {
            offerLatest(topic, queue);
        }
    }

    /** Has a live message wait behind older ones of its topic that are still to be sent; false if there are none. */
    boolean defers(RoutedMessage live, DeliveryQueue queue) {
        TopicResume resume = resumeOf(live);
        if (resume != null) {
            resume.note(live);
            return true;
        }
        if (recent.isEmpty() || !live.topic().keepsSeveral()) {
            return false;
        }
        recent.add(live);
        if (recent.size() > 2 * live.topic().recentLimit()) {
            queue.loseDeferred(subscriber, live.topic(), isLive(recent.remove()));
        }
        return true;
    }

    /** The same for a run of robot code's messages. */
    boolean defers(MessageRun run) {
        TopicResume resume = resumeOf(run.first());
        if (resume != null) {
            run.forEach(resume::note);
        }
        return resume != null;
    }

    /** What live messages of a topic wait for, or null. */
    private @Nullable TopicResume resumeOf(RoutedMessage live) {
        TopicResume resume = resumes.isEmpty() ? null : resumes.get(live.topic().name());
        return resume == null || resume.hasEnded() ? null : resume;
    }

    /** Gives the live messages that wait, which nobody sends any more. */
    List<RoutedMessage> end() {
        List<RoutedMessage> waited = new ArrayList<>();
        resumes.values().forEach(resume -> waited.addAll(resume.endAndGive()));
        recent.stream().filter(this::isLive).forEach(waited::add);
        return waited;
    }

    /** Sends nothing more; returns how many live messages waited. */
    long cancel() {
        long waited = recent.stream().filter(this::isLive).count();
        for (TopicResume resume : resumes.values()) {
            waited += resume.end();
        }
        return waited;
    }
}
