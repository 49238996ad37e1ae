package io.github.robotstream.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to become of the commands of one topic: who may give one, who holds the lease, and when the safe value comes. Times are
 * nanoseconds of the monotonic clock since the broker began, who somebody is a session, or {@link #ROBOT}.
 */
final class CommandModel {
    static final String ROBOT = "robot";
    static final long SAFE = 0;

    final Rules rules;
    /** What subscribers beyond are sent, oldest first. */
    final List<Sent> sent = new ArrayList<>();

    private final List<Hearer> hearers = new ArrayList<>();
    private @Nullable String holder;
    private long ttl;
    private long heldUntil;
    private boolean driven;
    private String commander = ROBOT;
    private long fed;
    private long safeSince = -1;
    private int episode;
    private long sequence;
    private @Nullable Command newest;
    private final List<Command> undrained = new ArrayList<>();

    /** The settings of a topic. */
    record Rules(String topic, long silence, boolean leased, boolean requiresHolder) {}

    /** What a subscriber is sent. */
    record Sent(long sequence, long value, String from) {}

    /** A command or a safe value that robot code is given. */
    record Command(CommandModel topic, long value, long arrived, int episode) {
        boolean isSafe() {
            return value == SAFE;
        }

        boolean isOutdated(long now) {
            return !isSafe() && (episode != topic.episode || now - arrived >= topic.rules.silence);
        }
    }

    /** A listener of robot code, with what waits for it. */
    static final class Hearer {
        final List<Long> heard = new ArrayList<>();
        private final Deque<Command> waiting = new ArrayDeque<>();
        private final List<Command> safe = new ArrayList<>();

        private void offer(Command command) {
            if (command.isSafe()) {
                safe.removeIf(older -> older.topic == command.topic);
                safe.add(command);
            } else {
                waiting.add(command);
            }
        }

        /** It hears all that waits for it: safe values first, and no command of before. */
        void serve(long now) {
            safe.forEach(command -> heard.add(command.value));
            safe.clear();
            waiting.stream().filter(command -> !command.isOutdated(now)).forEach(command -> heard.add(command.value));
            waiting.clear();
        }
    }

    CommandModel(Rules rules) {
        this.rules = rules;
    }

    void heardBy(Hearer hearer) {
        hearers.add(hearer);
    }

    /** Time has come to this. */
    void look(long now) {
        if (driven && now - fed >= rules.silence) {
            endEpisode(now);
        }
    }

    /** As {@link #look}, after all requests that were sent before. */
    void lookAtLease(long now) {
        if (holder != null && !holder.equals(ROBOT) && now >= heldUntil) {
            endLease(now);
        }
    }

    /** {@return when next something comes of nobody's doing anything; the greatest number if nothing does} */
    long nextDue() {
        long silent = driven ? fed + rules.silence : Long.MAX_VALUE;
        return Math.min(silent, leaseDue());
    }

    long leaseDue() {
        return holder == null || holder.equals(ROBOT) ? Long.MAX_VALUE : heldUntil;
    }

    @Nullable
    String holder() {
        return holder;
    }

    /** Somebody who may commands; gives the code of the error, if it is one, or none. */
    String command(String who, long value, long arrived, long now) {
        if (!who.equals(ROBOT)) {
            String refusal = refusal(who);
            if (!refusal.isEmpty()) {
                return refusal;
            }
        }
        if (now - arrived >= rules.silence || arrived < safeSince) {
            sequence += who.equals(ROBOT) ? 1 : 0; // it had its place in the order before
            return "stale";
        }
        fed = driven ? Math.max(fed, arrived) : arrived;
        driven = true;
        commander = who;
        if (who.equals(holder)) {
            heldUntil = now + ttl;
        }
        give(new Command(this, value, arrived, episode), who);
        return "";
    }

    private String refusal(String who) {
        if (holder != null && !holder.equals(who)) {
            return "lease_held";
        }
        return rules.requiresHolder && holder == null ? "lease_required" : "";
    }

    String acquire(String who, long nanos, long now) {
        if (!rules.leased) {
            return "forbidden";
        }
        if (holder != null && !holder.equals(who)) {
            return "lease_held";
        }
        holder = who;
        ttl = nanos;
        heldUntil = now + nanos;
        return "";
    }

    /** The client lets go of the lease, of the command episode, or of both. */
    String release(String who, long now) {
        boolean isHolder = who.equals(holder);
        boolean isCommander = driven && who.equals(commander);
        if (isHolder) {
            endLease(now);
        } else if (isCommander) {
            endEpisode(now);
        }
        return isHolder || isCommander || !rules.leased ? "" : "lease_required";
    }

    /** Robot code takes the lease, whoever holds it. */
    String take(long now) {
        if (!ROBOT.equals(holder)) {
            endLease(now);
            holder = ROBOT;
        }
        return "";
    }

    /** The session is no more, or may not command any more. */
    void left(String who, long now) {
        if (driven && commander.equals(who)) {
            endEpisode(now);
        }
        if (who.equals(holder)) {
            endLease(now);
        }
    }

    /** Nobody holds it any more. */
    String endLease(long now) {
        String last = holder;
        holder = null;
        if (last != null && !last.equals(ROBOT) && driven && commander.equals(last)) {
            endEpisode(now);
        }
        return "";
    }

    private void endEpisode(long now) {
        driven = false;
        safeSince = now;
        episode++;
        undrained.clear();
        give(new Command(this, SAFE, now, episode), ROBOT);
    }

    private void give(Command command, String who) {
        sequence++;
        sent.add(new Sent(sequence, command.value, name(who)));
        newest = command;
        undrained.add(command);
        hearers.forEach(hearer -> hearer.offer(command));
    }

    /** {@return the principal of a session} */
    static String name(String who) {
        return who.contains("#") ? who.substring(0, who.indexOf('#')) : who;
    }

    /** {@return what an input gives, -1 if nothing has come yet} */
    long newest(long now) {
        return newest == null ? -1 : newest.isOutdated(now) ? SAFE : newest.value;
    }

    /** Takes what an input has to give. */
    List<Long> drain(long now) {
        List<Long> values = undrained.stream()
                .filter(command -> !command.isOutdated(now))
                .map(Command::value)
                .toList();
        undrained.clear();
        return values;
    }

    @Override
    public String toString() {
        return rules.topic;
    }
}
