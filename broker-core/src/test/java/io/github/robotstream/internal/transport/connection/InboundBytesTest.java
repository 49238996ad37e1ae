package io.github.robotstream.internal.transport.connection;

import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.frame.FrameDecoder;
import io.github.robotstream.internal.transport.frame.RecordedFrames;
import io.github.robotstream.internal.worker.ByteBudget;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboundBytesTest {
    private final ManualTasks tasks = new ManualTasks();
    private final RecordedFrames frames = new RecordedFrames();
    private final List<String> steps = new ArrayList<>();
    private final FrameDecoder decoder = new FrameDecoder(1024 * 1024, new ByteBudget(1024 * 1024), frames);
    private final InboundBytes lane = new InboundBytes(new Steps(), tasks);
    private boolean reading = true;
    private int decodings;

    @Test
    void readingStopsWhenEnoughIsHeldAndGoesOnWhenThatIsDelivered() {
        byte[] wire = text("x".repeat(1000));
        int pieces = 0;
        while (reading && pieces < 10_000) {
            lane.received(ByteBuffer.wrap(wire));
            pieces++;
        }
        assertThat(pieces * wire.length).isBetween(12_000, 18_000);
        assertThat(frames.events).isEmpty();

        admit();

        assertThat(frames.events).hasSize(pieces);
        assertThat(reading).isTrue();
    }

    @Test
    void tinyPiecesAreBoundedToo() {
        int pieces = 0;
        while (reading && pieces < 10_000) {
            lane.received(ByteBuffer.wrap(new byte[1]));
            pieces++;
        }
        assertThat(pieces).isBetween(200, 500);
    }

    @Test
    void nothingIsReadOrDeliveredWhilePaused() {
        admit();
        lane.pause();
        assertThat(reading).isFalse();

        lane.received(ByteBuffer.wrap(concat(text("already read"), text("as well"))));
        assertThat(frames.events).isEmpty();

        lane.resume();
        tasks.settle();
        assertThat(frames.events).containsExactly("text already read", "text as well");
        assertThat(reading).isTrue();
    }

    @Test
    void whatIsHeldIsKnownToBeAsOldAsItIs() {
        List<Long> held = new ArrayList<>();
        admit();
        frames.onEachText = () -> {
            held.add(lane.heldNanos());
            if (held.size() == 1) {
                lane.pause();
            }
        };
        lane.received(ByteBuffer.wrap(concat(text("the reading pauses after it"), text("behind it"))));
        tasks.advance(Duration.ofSeconds(1));
        lane.received(ByteBuffer.wrap(text("a second later")));
        tasks.advance(Duration.ofSeconds(2));
        lane.resume();
        tasks.settle();

        assertThat(held)
                .containsExactly(
                        0L,
                        Duration.ofSeconds(3).toNanos(),
                        Duration.ofSeconds(2).toNanos());
    }

    @Test
    void recordsWithoutDataAreToldInTheirTurnAndTogetherWhenItGoesOn() {
        lane.receivedNoData(10);
        assertThat(steps).isEmpty();
        admit();
        lane.receivedNoData(1);
        assertThat(steps).containsExactly("no data 10", "no data 1");

        lane.pause();
        lane.receivedNoData(2);
        lane.receivedNoData(3);
        assertThat(steps).hasSize(2);
        lane.resume();
        tasks.settle();

        assertThat(steps).containsExactly("no data 10", "no data 1", "no data 5");
    }

    @Test
    void theEndOfTheStreamComesAfterWhatIsHeld() {
        admit();
        lane.pause();
        lane.received(ByteBuffer.wrap(text("last")));
        assertThat(lane.streamEnded()).isTrue();
        assertThat(steps).isEmpty();

        lane.resume();
        tasks.settle();
        assertThat(frames.events).containsExactly("text last");
        assertThat(steps).containsExactly("stream end");
    }

    @Test
    void aDecoderThatWaitedGoesOnThoughNothingIsHeld() {
        admit();
        lane.pause();
        lane.resume();
        tasks.settle();
        int before = decodings;
        lane.pause();

        lane.goOn();
        tasks.settle();

        assertThat(decodings).isGreaterThan(before);
        assertThat(reading).isTrue();
    }

    @Test
    void closingGoesOnThoughPaused() {
        admit();
        lane.pause();
        lane.received(ByteBuffer.wrap(text("held")));

        lane.closing();
        tasks.settle();
        assertThat(frames.events).containsExactly("text held");
        assertThat(reading).isTrue();
    }

    @Test
    void finishingIsTheLastStepAndComesOnce() {
        admit();
        lane.pause();
        lane.received(ByteBuffer.wrap(text("held")));

        lane.finish();
        lane.finish();
        lane.resume();
        lane.received(ByteBuffer.wrap(text("late")));
        tasks.settle();

        assertThat(frames.events).isEmpty();
        assertThat(steps).containsExactly("finished");
        assertThat(lane.claim()).isFalse();
    }

    private void admit() {
        assertThat(lane.claim()).isTrue();
        lane.open();
        tasks.settle();
    }

    private final class Steps implements InboundBytes.Steps {
        @Override
        public void onReading(boolean on) {
            reading = on;
        }

        @Override
        public boolean decode(ByteBuffer in) {
            decodings++;
            return decoder.decode(in);
        }

        @Override
        public void onStreamEnd() {
            steps.add("stream end");
        }

        @Override
        public void onNoData(int cost) {
            steps.add("no data " + cost);
        }

        @Override
        public void onFault(Throwable fault) {
            steps.add("fault " + fault);
        }

        @Override
        public void onBroken(Throwable fault) {
            steps.add("broken " + fault);
        }

        @Override
        public void onFinished() {
            steps.add("finished");
        }
    }
}
