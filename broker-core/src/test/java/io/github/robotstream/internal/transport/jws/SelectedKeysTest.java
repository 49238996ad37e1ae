package io.github.robotstream.internal.transport.jws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectedKeysTest {
    private final SelectedKeys selectedKeys = new SelectedKeys();
    private final List<Pipe> pipes = new ArrayList<>();
    private Selector selector;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
    }

    @AfterEach
    void close() throws IOException {
        for (Pipe pipe : pipes) {
            pipe.sink().close();
            pipe.source().close();
        }
        selector.close();
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    private void openPipes(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Pipe pipe = Pipe.open();
            pipes.add(pipe);
            pipe.source().configureBlocking(false);
            pipe.source().register(selector, SelectionKey.OP_READ);
        }
    }

    private void write(Pipe pipe) throws IOException {
        pipe.sink().write(ByteBuffer.wrap(new byte[1]));
    }

    private static void read(SelectionKey key) throws IOException {
        ((Pipe.SourceChannel) key.channel()).read(ByteBuffer.allocate(8));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 9, 100})
    void whatWasHandledIsNotSelectedAfterOnePass(int count) throws IOException {
        openPipes(count);
        for (Pipe pipe : pipes) {
            write(pipe);
        }
        selector.select();
        int handled = 0;
        for (Iterator<SelectionKey> i = selector.selectedKeys().iterator(); i.hasNext(); handled++) {
            SelectionKey key = i.next();
            read(key);
            selectedKeys.handled(key);
        }

        assertThat(handled).isEqualTo(count);
        assertThat(selector.selectedKeys()).isEmpty();
    }

    /** As Java-WebSocket goes through them, which takes out those whose reads it hands on. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theIteratorNeverNoticesAndNoneIsMissed(int seed) throws IOException {
        Random random = new Random(seed);
        openPipes(1 + random.nextInt(40));
        for (int pass = 0; pass < 20; pass++) {
            for (Pipe pipe : pipes) {
                if (random.nextInt(3) == 0) {
                    write(pipe);
                }
            }
            selector.selectNow();
            List<SelectionKey> expected = new ArrayList<>(selector.selectedKeys());
            List<SelectionKey> seen = new ArrayList<>();
            for (Iterator<SelectionKey> i = selector.selectedKeys().iterator(); i.hasNext(); ) {
                SelectionKey key = i.next();
                seen.add(key);
                if (random.nextInt(8) > 0) {
                    read(key);
                }
                if (random.nextInt(4) == 0) {
                    i.remove();
                } else {
                    selectedKeys.handled(key);
                }
            }
            assertThat(seen).isEqualTo(expected);
        }
        selector.selectNow();
        for (SelectionKey key : selector.selectedKeys()) {
            read(key);
            selectedKeys.handled(key);
        }
        assertThat(selector.selectedKeys()).isEmpty();
    }
}
