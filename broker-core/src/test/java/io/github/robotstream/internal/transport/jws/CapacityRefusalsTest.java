package io.github.robotstream.internal.transport.jws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.Refusal;
import io.github.robotstream.internal.transport.connection.ManualTasks;
import io.github.robotstream.internal.transport.gate.HttpAnswer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sockets for which there is no room, on a clock that the test moves. */
@Timeout(60)
class CapacityRefusalsTest {
    private static final HttpAnswer ANSWER = HttpAnswer.of(Refusal.overloaded(4000));

    private final ManualTasks tasks = new ManualTasks();
    private final CapacityRefusals capacityRefusals = new CapacityRefusals(tasks, CapacityRefusals.MOST);
    private final List<Socket> clients = new ArrayList<>();
    private ServerSocketChannel port;

    @BeforeEach
    void bind() throws IOException {
        port = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        capacityRefusals.close();
        for (Socket client : clients) {
            client.close();
        }
        port.close();
    }

    private SocketChannel oneMore() throws IOException {
        clients.add(new Socket(InetAddress.getLoopbackAddress(), port.socket().getLocalPort()));
        SocketChannel socket = port.accept();
        capacityRefusals.turnAway(socket, ANSWER);
        return socket;
    }

    private static String heard(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void thirtyTwoAreToldAtATimeAndTheRestClosedAtOnce() throws Exception {
        List<SocketChannel> told = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            told.add(oneMore());
        }
        assertThat(oneMore().isOpen()).isFalse();
        assertThat(heard(clients.get(32))).isEmpty();
        for (Socket client : clients.subList(0, 32)) {
            assertThat(heard(client)).startsWith("HTTP/1.1 503 ").contains("Retry-After: 4");
        }

        tasks.advance(Duration.ofMillis(999));
        assertThat(told).allMatch(SocketChannel::isOpen);
        tasks.advance(Duration.ofMillis(1));
        assertThat(told).noneMatch(SocketChannel::isOpen);
        assertThat(oneMore().isOpen()).isTrue();
        assertThat(heard(clients.get(33))).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void whatTheySendMeanwhileDoesNotMakeTheAnswerAReset() throws Exception {
        oneMore();
        clients.get(0).getOutputStream().write(new byte[10_000]);
        tasks.advance(Duration.ofSeconds(1));

        assertThat(heard(clients.get(0))).startsWith("HTTP/1.1 503 ").endsWith("}\n");
    }
}
