package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.worker.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The {@link CommandWatchdog}s of a broker and the thread that looks at them, which does nothing else, so that a safe value waits for
 * nobody. It sleeps until the first of them is due; commands do not wake it, but for the first of an episode.
 */
public final class CommandWatchdogs {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<CommandWatchdog> all = new ArrayList<>(); // complete before a thread runs
    private final Thread thread = new Thread(this::run, "robotstream-commands");
    private volatile boolean ended;

    /**
     * Gives a topic that was declared a watchdog; before the broker thread runs.
     *
     * @param safeJson the safe value
     */
    public void add(
            TopicState topic,
            Duration silence,
            String safeJson,
            RoutingContext routing,
            CommandWatchdog.RobotCode robotCode) {
        CommandWatchdog watchdog = new CommandWatchdog(topic, silence.toNanos(), safeJson, routing, robotCode);
        watchdog.onDriven(() -> LockSupport.unpark(thread));
        topic.watchdog(watchdog);
        all.add(watchdog);
    }

    /** Has a thread look at them, if there are any. */
    public void startThread() {
        if (!all.isEmpty()) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        while (!ended) {
            try {
                long wait = look();
                if (wait == CommandWatchdog.NEVER) {
                    LockSupport.park(this);
                } else if (wait > 0) {
                    LockSupport.parkNanos(this, wait);
                }
            } catch (Throwable outOfMemoryPerhaps) {
                LockSupport.parkNanos(this, RETRY_NANOS); // an episode that could not end is still to end
            }
        }
    }

    /** Ends the episodes whose time is over. Returns after how many nanoseconds to look again, or {@link CommandWatchdog#NEVER}. */
    public long look() {
        long next = CommandWatchdog.NEVER;
        for (CommandWatchdog watchdog : all) {
            next = Math.min(next, watchdog.look());
        }
        return next;
    }

    /** Ends the episodes of a session that has ended. */
    public void sessionEnded(String session, EpisodeEnd why) {
        for (CommandWatchdog watchdog : all) {
            watchdog.commanderGone(session, why);
        }
    }

    /** A session has other rights now: where it commands and may not any more, nobody does. */
    public void rightsChanged(String session, Predicate<String> mayPublish) {
        for (CommandWatchdog watchdog : all) {
            if (watchdog.isCommandedBy(session) && !mayPublish.test(watchdog.topicName())) {
                watchdog.commanderGone(session, EpisodeEnd.RIGHTS_ENDED);
            }
        }
    }

    /** Ends all episodes for good, and the thread. */
    public void close() {
        for (CommandWatchdog watchdog : all) {
            watchdog.close();
        }
        ended = true;
        LockSupport.unpark(thread);
    }

    /** Waits, once they are closed, for the end of the thread, at most so long. */
    public void awaitEnd(Duration limit) {
        DaemonThreads.awaitEnd(thread, limit);
    }
}
