package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.testing.Outbound;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** FLAT frames are shared by those who are sent them together, and not kept with the messages that wait. */
class MadeFramesTest {
    private static final TopicHead HEAD = new TopicHead("pose");
    private static final PayloadHead PAYLOAD = new PayloadHead("pose", "text");

    private final MadeFrames frames = new MadeFrames(MadeFrames.Form.FLAT);

    private static Envelope ofSize(int valueBytes) {
        return Envelope.ofValue(HEAD, PAYLOAD, "\"" + "x".repeat(valueBytes - 2) + "\"");
    }

    @Test
    void subscribersThatAreSentTheSameMessagesShareTheirFrames() {
        List<Envelope> messages = new ArrayList<>();
        List<OutboundMessage> sent = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            messages.add(ofSize(1024));
            sent.add(frames.of(messages.get(i)));
        }
        for (int i = 0; i < 64; i++) {
            assertThat(frames.of(messages.get(i))).isSameAs(sent.get(i));
        }
        assertThat(Outbound.text(sent.get(0))).startsWith("{\"name\":\"pose\",\"type\":\"text\",\"data\":\"xx");
    }

    @Test
    void messagesThatWaitKeepNoSecondCopyOfTheirText() {
        List<Envelope> waiting = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            waiting.add(ofSize(i % 100 == 0 ? 100_000 : 1_000));
            frames.of(waiting.get(i));
        }
        assertThat(kept(waiting)).isLessThanOrEqualTo(256 * 1024);
        assertThat(frames.of(waiting.get(999))).as("the newest").isSameAs(waiting.get(999).keptFlat);
    }

    @Test
    void aFrameThatIsLargerThanAllThatIsKeptIsSharedToo() {
        Envelope small = ofSize(10);
        Envelope large = ofSize(1_000_000);
        frames.of(small);
        assertThat(frames.of(large)).isSameAs(frames.of(large));
        assertThat(small.keptFlat).isNull();
        frames.of(small);
        assertThat(large.keptFlat).isNull();
    }

    @Test
    @Timeout(60)
    void tinyMessagesAreForgottenToo() {
        WeakReference<Envelope> first = new WeakReference<>(ofSize(3));
        frames.of(first.get());
        for (int i = 0; i < 256 * 1024 / 64; i++) {
            frames.of(ofSize(3));
        }
        while (first.get() != null) {
            System.gc();
        }
    }

    private static long kept(List<Envelope> messages) {
        return messages.stream()
                .filter(message -> message.keptFlat != null)
                .mapToLong(message -> message.keptFlat.length())
                .sum();
    }
}
