package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.OneMessage;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.Outgoing;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.ServerFrameReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundFramesTest {
    private final TrickleWire wire = new TrickleWire();
    private final UnsentBudget budget = new UnsentBudget(Long.MAX_VALUE, System::nanoTime);
    private final OutboundFrames lane =
            new OutboundFrames(wire, new WriteBuffers(), budget, new ReadWindow(0, new MarkInterval(), 0));

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(ClientFrames.utf8(text));
    }

    private static OutboundMessage inBase64(String text) {
        byte[] bytes = ClientFrames.utf8(text);
        return OutboundMessage.binary(new byte[0], bytes, bytes.length).inBase64(false, new byte[0], new byte[0]);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheSocketTakesFramesStayWholeAndInOrder(int seed) throws Exception {
        Random random = new Random(seed);
        Queue<String> expected = new ArrayDeque<>();
        int pings = 0;
        int refusals = 0;
        int writables = 0;
        boolean refused = false;
        for (int i = 0; i < 300; i++) {
            String text = i + " " + "x".repeat(random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(300));
            boolean encoded = random.nextInt(4) == 0;
            wire.room = random.nextInt(3) == 0 ? 0 : random.nextInt(40_000);
            if (lane.offer(new OneMessage(encoded ? inBase64(text) : OutboundMessage.text(ClientFrames.utf8(text))))) {
                expected.add(encoded ? base64(text) : text);
            } else {
                refusals += refused ? 0 : 1;
                refused = true;
            }
            if (random.nextInt(5) == 0) {
                lane.pong(ClientFrames.utf8("" + pings++));
            }
            OutboundFrames.Flushed flushed = lane.isFull() && random.nextBoolean() ? lane.writable() : lane.flush();
            if (flushed == OutboundFrames.Flushed.WRITABLE) {
                assertThat(lane.unsentBytes()).isZero();
                writables++;
                refused = false;
            }
        }
        lane.end(ServerFrames.close(1000, "end"), true);
        wire.room = Integer.MAX_VALUE;
        OutboundFrames.Flushed last = lane.isFull() ? lane.writable() : lane.flush();
        while (lane.isFull()) {
            last = lane.writable();
        }
        assertThat(last).isEqualTo(OutboundFrames.Flushed.ENDED);

        for (String text : expected) {
            assertThat(wire.client.nextText(Duration.ZERO)).isEqualTo(text);
        }
        assertThat(wire.client.pollText()).isEmpty();
        assertThat(wire.client.closeReason(Duration.ZERO)).isEqualTo("end");
        assertThat(writables).isEqualTo(refused ? refusals - 1 : refusals);
        assertThat(lane.unsentBytes()).isZero();
        assertThat(budget.heldBytes()).isZero();
        assertThat(wire.writing).isFalse();
    }

    @Test
    void pongsOvertakeMessagesButNoneIsCutInTwo() throws Exception {
        wire.room = 5;
        lane.offer(new OneMessage(ClientFrames.utf8("first")));
        lane.offer(new OneMessage(ClientFrames.utf8("second")));
        lane.pong(ClientFrames.utf8("old"));
        lane.pong(ClientFrames.utf8("new"));
        lane.offer(new OneMessage(ClientFrames.utf8("third")));
        wire.room = 2 + 5 - 5 + 2 + 3; // the rest of the first message, and one pong
        lane.writable();

        assertThat(wire.client.nextPong(Duration.ZERO)).isEqualTo("new");
        assertThat(wire.client.pollText()).contains("first");
        assertThat(wire.client.pollText()).isEmpty();
    }

    @Test
    void aLaneThatEndsWithoutItsMessagesFinishesTheFrameItIsIn() throws Exception {
        wire.room = 3;
        lane.offer(new OneMessage(ClientFrames.utf8("first")));
        lane.offer(new OneMessage(ClientFrames.utf8("second")));

        lane.end(ServerFrames.close(1001, ""), false);
        assertThat(lane.unsentBytes()).isEqualTo(4);
        wire.room = 100;
        assertThat(lane.writable()).isEqualTo(OutboundFrames.Flushed.ENDED);

        assertThat(wire.client.pollText()).contains("first");
        assertThat(wire.client.pollText()).isEmpty();
        assertThat(wire.client.closeCode(Duration.ZERO)).isEqualTo(1001);
    }

    @Test
    void noTurnMakesMoreThanAPieceOfBase64AndTheNextMessageIsWrittenBehindIt() throws Exception {
        String large = "x".repeat(12 << 20);
        wire.room = Integer.MAX_VALUE;
        assertThat(lane.offer(new OneMessage(inBase64(large)))).isTrue();
        assertThat(wire.written).isEqualTo(SharedFrames.ENCODED_BYTES + ServerFrames.MAX_HEAD_BYTES);
        Outgoing stop = urgent("stop");
        assertThat(lane.offer(stop)).as("goes before or behind a frame").isFalse();

        OutboundFrames.Flushed flushed = OutboundFrames.Flushed.QUIET;
        while (flushed == OutboundFrames.Flushed.QUIET) {
            assertThat(wire.writing).as("the event loop goes on").isTrue();
            long before = wire.written;
            flushed = lane.writable();
            assertThat(wire.written - before).isBetween(1L, (long) SharedFrames.ENCODED_BYTES);
        }
        assertThat(flushed).isEqualTo(OutboundFrames.Flushed.WRITABLE);
        assertThat(wire.writing).isFalse();
        assertThat(lane.offer(stop)).isTrue();

        assertThat(wire.client.pollText().orElseThrow().equals(base64(large))).isTrue();
        assertThat(wire.client.pollText()).contains("stop");
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void base64IsWrittenWhileOthersAreSentTheirMessages() throws Exception {
        TrickleWire otherWire = new TrickleWire();
        OutboundFrames other =
                new OutboundFrames(otherWire, new WriteBuffers(), budget, new ReadWindow(0, new MarkInterval(), 0));
        wire.room = Integer.MAX_VALUE;
        otherWire.room = Integer.MAX_VALUE;
        lane.offer(new OneMessage(inBase64("x".repeat(12 << 20))));

        assertThat(other.offer(new OneMessage(ClientFrames.utf8("stop")))).isTrue();

        assertThat(otherWire.client.pollText()).contains("stop");
        assertThat(wire.client.pollText()).isEmpty();
    }

    @Test
    void anUrgentMessagePassesBase64ThatIsNotBegun() throws Exception {
        String large = "x".repeat(20_000);
        lane.offer(new OneMessage(ClientFrames.utf8("first"))); // for which there is no room
        lane.offer(new OneMessage(inBase64(large)));
        lane.offer(urgent("stop"));
        wire.room = Integer.MAX_VALUE;
        while (lane.isFull()) {
            lane.writable();
        }

        assertThat(wire.client.pollText()).contains("stop");
        assertThat(wire.client.pollText()).contains("first");
        assertThat(wire.client.pollText()).contains(base64(large));
    }

    @Test
    void urgentMessagesStayInOrderThoughTheSocketTakesNothingOfALargeOne() throws Exception {
        String large = "x".repeat(20_000);
        lane.offer(urgent(large)); // for which there is no room
        lane.offer(urgent("stop"));
        wire.room = Integer.MAX_VALUE;
        lane.writable();

        assertThat(wire.client.pollText()).contains(large);
        assertThat(wire.client.pollText()).contains("stop");
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void base64OfAConnectionThatEndsMeanwhileIsNotMadeAnyMore() throws Exception {
        wire.room = Integer.MAX_VALUE;
        lane.offer(new OneMessage(inBase64("x".repeat(1_000_000))));
        lane.kill();
        long before = wire.written;

        assertThat(lane.writable()).isEqualTo(OutboundFrames.Flushed.QUIET);
        assertThat(wire.written).isEqualTo(before);
        assertThat(wire.writing).isFalse();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void aCloseWaitsForTheBase64OfItsFrame() throws Exception {
        String large = "x".repeat(1_000_000);
        wire.room = Integer.MAX_VALUE;
        lane.offer(new OneMessage(inBase64(large)));
        lane.end(ServerFrames.close(1001, ""), false);
        while (lane.isFull()) {
            lane.writable();
        }

        assertThat(wire.client.pollText().orElseThrow().equals(base64(large))).isTrue();
        assertThat(wire.client.closeCode(Duration.ZERO)).isEqualTo(1001);
        assertThat(lane.lastIsOut()).isTrue();
    }

    private static Outgoing urgent(String text) {
        return new OneMessage(ClientFrames.utf8(text)) {
            @Override
            public boolean isUrgent() {
                return true;
            }
        };
    }

    @Test
    void progressIsThatAFullSocketTakesMoreAndNothingElse() throws Exception {
        wire.room = 3;
        lane.offer(new OneMessage(ClientFrames.utf8("first")));
        assertThat(lane.progress()).isZero();
        lane.writable(); // told for nothing
        assertThat(lane.progress()).isZero();
        wire.room = 1;
        lane.writable();
        assertThat(lane.progress()).isEqualTo(1);
        wire.room = 100;
        lane.writable();
        assertThat(lane.progress()).isEqualTo(2);
        lane.writable(); // which it was
        assertThat(lane.progress()).isEqualTo(2);
    }

    @Test
    void aSocketThatIsGoneHoldsNothing() throws Exception {
        wire.room = 3;
        lane.offer(new OneMessage(ClientFrames.utf8("first")));

        lane.kill();

        assertThat(lane.unsentBytes()).isZero();
        assertThat(budget.heldBytes()).isZero();
        assertThat(lane.isFull()).isFalse();
        assertThat(lane.offer(new OneMessage(ClientFrames.utf8("second")))).isFalse();
        assertThat(lane.flush()).isEqualTo(OutboundFrames.Flushed.QUIET);
    }

    @Test
    void aMarkGoesOutInOneWriteWithTheMessageBeforeIt() throws Exception {
        OutboundFrames paced = paced();
        wire.room = 100;
        paced.offer(new OneMessage(ClientFrames.utf8("first")));

        assertThat(wire.writes).isEqualTo(1);
        assertThat(wire.client.nextText(Duration.ZERO)).isEqualTo("first");
        assertThat(paced.ponged(wire.client.pollPing().orElseThrow())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 8, 16})
    void aMarkThatTheSocketTakesInPartGoesOnBehindItsMessage(int room) throws Exception {
        OutboundFrames paced = paced();
        wire.room = room; // of 7 bytes of the message and 10 of the mark
        paced.offer(new OneMessage(ClientFrames.utf8("first")));
        assertThat(wire.client.pollPing()).isEmpty();
        assertThat(paced.isFull()).isTrue();
        wire.room = 100;
        paced.writable();

        assertThat(wire.client.nextText(Duration.ZERO)).isEqualTo("first");
        assertThat(paced.ponged(wire.client.pollPing().orElseThrow())).isTrue();
        assertThat(paced.unsentBytes()).isZero();
    }

    private OutboundFrames paced() {
        return paced(System::nanoTime);
    }

    private OutboundFrames paced(LongSupplier nanoTime) {
        return new OutboundFrames(
                wire,
                new WriteBuffers(),
                new UnsentBudget(Long.MAX_VALUE, nanoTime),
                new ReadWindow(TimeUnit.MILLISECONDS.toNanos(100), new MarkInterval(), 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 60_000, 100_000})
    void theTimeOfAMessageCountsForOneMark(int length) throws Exception {
        long[] now = {0};
        OutboundFrames paced = paced(() -> now[0]);
        wire.room = Integer.MAX_VALUE;
        paced.offer(new OneMessage(new byte[length]) {
            @Override
            public long stamp() {
                return 5;
            }
        });
        assertThat(paced.ponged(wire.client.pollPing().orElseThrow())).isTrue();
        assertThat(paced.readStamp()).isEqualTo(5);
        paced.offer(new OneMessage(new byte[10]));
        now[0] += TimeUnit.SECONDS.toNanos(1);
        paced.offer(new OneMessage(new byte[10]));
        assertThat(paced.ponged(wire.client.pollPing().orElseThrow())).isTrue();

        assertThat(paced.readStamp()).isEqualTo(Outgoing.NO_STAMP);
    }

    @Test
    void aMarkThatWaitsForTheSocketIsNeitherLostToAPongNorForgotten() throws Exception {
        OutboundFrames paced = paced();
        wire.room = 2 + 5; // the message alone
        paced.offer(new OneMessage(ClientFrames.utf8("first")));
        paced.pong(ClientFrames.utf8("pong"));
        wire.room = 100;
        paced.writable();

        assertThat(wire.client.nextPong(Duration.ZERO)).isEqualTo("pong");
        assertThat(wire.client.pollPing())
                .hasValueSatisfying(mark -> assertThat(paced.ponged(mark)).isTrue());
    }

    @Test
    void whatAFullSocketTakesLaterIsMarkedThen() throws Exception {
        OutboundFrames paced = paced();
        wire.room = 100;
        paced.offer(new OneMessage(ClientFrames.utf8("x".repeat(60_000))));
        assertThat(paced.offer(new OneMessage(ClientFrames.utf8("refused")))).isFalse();
        assertThat(wire.client.pollPing()).isEmpty();
        wire.room = 100_000;
        assertThat(paced.writable()).isEqualTo(OutboundFrames.Flushed.QUIET);

        assertThat(paced.ponged(wire.client.pollPing().orElseThrow())).isTrue();
        assertThat(paced.flush()).isEqualTo(OutboundFrames.Flushed.WRITABLE);
    }

    @Test
    void aSourceIsToldHowLongWhatItGivesIsUnreadByAClientThatReadsTooSlowly() throws Exception {
        long[] now = {0};
        OutboundFrames paced = paced(() -> now[0]);
        List<Long> delays = new ArrayList<>();
        wire.room = Integer.MAX_VALUE;
        for (int i = 0; i < 6; i++) {
            assertThat(paced.offer(tellsReadDelays(delays))).isTrue();
            now[0] += TimeUnit.MILLISECONDS.toNanos(i == 0 ? 1 : 600);
            paced.ponged(wire.client.pollPing().orElseThrow());
        }
        paced.offer(tellsReadDelays(delays));

        assertThat(delays).startsWith(0L, 0L).endsWith(TimeUnit.MILLISECONDS.toNanos(600));
    }

    private static Outgoing tellsReadDelays(List<Long> delays) {
        return new OneMessage(new byte[20_000]) {
            @Override
            public void readDelay(long nanos) {
                delays.add(nanos);
            }
        };
    }

    /** Takes as many bytes as it is told. */
    private static final class TrickleWire implements Wire {
        final ServerFrameReader client = ServerFrameReader.ofFrames();
        int room;
        int writes;
        long written;
        boolean writing;

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            byte[] taken = new byte[Math.min(room, bytes.remaining())];
            bytes.get(taken);
            room -= taken.length;
            writes++;
            written += taken.length;
            client.feed(taken, taken.length);
            return taken.length;
        }

        @Override
        public void reading(boolean on) {}

        @Override
        public void writing(boolean on) {
            writing = on;
        }

        @Override
        public void shutdownOutput() {}

        @Override
        public void cut() {}

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(0);
        }
    }
}
