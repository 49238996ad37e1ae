package io.github.robotstream.file;

import io.github.robotstream.file.StoreSettings.Retention;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which topics there are, and where their messages are; the same whether messages are appended or found in files. */
final class LogIndex {
    final Map<String, StoredLog> topics = new HashMap<>();
    private final Function<String, Retention> retention;

    LogIndex(Function<String, Retention> retention) {
        this.retention = retention;
    }

    /** A message of another epoch than the one before is the first of its topic; one that is there already counts for nothing. */
    void message(String topic, String epoch, long sequence, long second, Segment segment, long begin, int size) {
        StoredLog log = topics.computeIfAbsent(topic, name -> new StoredLog(name, epoch, retention.apply(name)));
        if (!log.epoch.equals(epoch)) {
            log.drop();
            log.epoch = epoch;
        }
        if (log.chunks.isEmpty() || sequence > log.lastSequence) {
            log.add(segment, begin, size, sequence, second);
        }
    }

    /** Whether a topic is known, and in this epoch. */
    boolean isIn(String topic, String epoch) {
        StoredLog log = topics.get(topic);
        return log != null && log.epoch.equals(epoch);
    }

    void forget(String topic) {
        StoredLog log = topics.remove(topic);
        if (log != null) {
            log.drop();
        }
    }

    /** Begins another epoch for all topics, which keep their messages. */
    void rename(String epoch) {
        topics.values().forEach(log -> log.epoch = epoch);
    }

    void expire(long nowSecond) {
        topics.values().forEach(log -> log.expire(nowSecond));
    }

    /** Needs nothing of a segment any more but the last messages of topics. */
    void release(Segment segment) {
        for (String topic : segment.chunks.keySet().toArray(String[]::new)) {
            StoredLog log = topics.get(topic);
            Chunk chunk = segment.chunks.get(topic);
            if (log != null && chunk != null) {
                log.release(chunk);
            }
        }
    }

    /** Puts the copy of a topic's messages in the place of those that were copied, if some of them are still needed. */
    void replace(String topic, List<Segment> copied, @Nullable Chunk copy) {
        StoredLog log = topics.get(topic);
        List<Chunk> former = copied.stream()
                .map(segment -> segment.chunks.get(topic))
                .filter(Objects::nonNull)
                .toList();
        if (log != null && !former.isEmpty()) {
            log.replace(former, copy);
            if (log.chunks.isEmpty()) {
                topics.remove(topic);
            }
        } else if (copy != null) {
            copy.segment.live -= copy.bytes;
        }
    }
}
