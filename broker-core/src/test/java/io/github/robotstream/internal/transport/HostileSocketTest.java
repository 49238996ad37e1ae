package io.github.robotstream.internal.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.robotstream.Topic;
import io.github.robotstream.testing.BesideAnHonestClient;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.Leftovers;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.ServerFrameReader;
import io.github.robotstream.testing.SocketTestClient;
import io.github.robotstream.testing.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Clients that break WebSocket, or vanish, or never finish what they began. */
class HostileSocketTest extends BesideAnHonestClient {
    @Test
    void killedInTheMiddleOfAFrame() throws Exception {
        byte[] frame = ClientFrames.text(Requests.publish("numbers", "1"));
        for (int i = 0; i < 100; i++) {
            try (SocketTestClient client = connect()) {
                client.sendRaw(Arrays.copyOf(frame, 1 + i % (frame.length - 1)));
            }
        }
        await().until(() -> broker.sessions().size() == 1);
        assertThat(broker.latest(Topic.state("numbers", "any", Integer.class))).isEmpty();
    }

    @Test
    void twoThousandConnectAndVanish() throws Exception {
        await().until(() -> broker.sessions().size() == 1);
        long before = Leftovers.descriptors();
        byte[] head = request().head();
        for (int i = 0; i < 2000; i++) {
            try (Socket socket = request().socket()) {
                // From not a byte of the request to all of it, with or without a reset.
                socket.getOutputStream().write(head, 0, i % 4 == 0 ? head.length : i % head.length);
                socket.setSoLinger(i % 3 == 0, 0);
            }
        }
        await().untilAsserted(() -> assertThat(broker.sessions()).hasSize(1));
        await().untilAsserted(() -> assertThat(Leftovers.descriptors()).isLessThan(before + 20));
    }

    @Test
    void threeHundredRequestsThatNeverEnd() throws Exception {
        Socket first = socket();
        first.getOutputStream().write("GET /wss HTTP/1.1\r\nHost: ro".getBytes(US_ASCII));
        for (int i = 1; i < 300; i++) {
            socket().getOutputStream().write("GET /wss HTTP/1.1\r\nHost: ro".getBytes(US_ASCII));
        }
        awaitEnd(first); // the oldest gave way, the limit is 256
        connect().send(Requests.publish("numbers", "1"));
    }

    @Test
    void aHeadThatClaimsAlmostTwoGigabytes() throws Exception {
        SocketTestClient client = connect();
        client.sendRaw(ClientFrames.head(ClientFrames.FIN | ClientFrames.TEXT, 1_900_000_000L));
        assertThat(client.closeCode()).isEqualTo(1009);
    }

    @Test
    void fragmentsWithoutEnd() throws Exception {
        endsWith(1009, connect(), ClientFrames.frame(ClientFrames.TEXT, new byte[0]), new byte[0]);
        endsWith(1009, connect(), ClientFrames.frame(ClientFrames.TEXT, new byte[0]), new byte[] {'x'});
        endsWith(
                1009,
                connect(),
                ClientFrames.frame(ClientFrames.TEXT, new byte[0]),
                "x".repeat(60_000).getBytes(US_ASCII));
    }

    private static void endsWith(int code, SocketTestClient client, byte[] begin, byte[] fragment) {
        byte[] more = ClientFrames.frame(ClientFrames.CONTINUATION, fragment);
        try {
            client.sendRaw(begin);
            for (int i = 0; i < 5000; i++) {
                client.sendRaw(more);
            }
        } catch (UncheckedIOException closed) {
            // that is what has to come
        }
        assertThat(client.closeCode()).isEqualTo(code);
    }

    @Test
    void garbageInsteadOfFrames() throws Exception {
        Random random = new Random(4711);
        for (int i = 0; i < 200; i++) {
            SocketTestClient client = connect();
            byte[] garbage = new byte[512];
            random.nextBytes(garbage);
            garbage[0] |= 0x40; // a reserved bit, so that none of it is a frame by chance
            client.sendRaw(garbage);
            assertThat(client.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void garbageInsteadOfARequest() throws Exception {
        Random random = new Random(4711);
        for (int i = 0; i < 200; i++) {
            try (Socket socket = request().socket()) {
                byte[] garbage = new byte[512];
                random.nextBytes(garbage);
                socket.getOutputStream().write(garbage);
                socket.getOutputStream().write("\r\n\r\n".getBytes(US_ASCII));
                assertThat(ServerFrameReader.readHead(socket.getInputStream())).startsWith("HTTP/1.1 400 ");
                awaitEnd(socket);
            }
        }
    }

    @Test
    void aRequestWithoutBounds() throws Exception {
        Socket socket = socket();
        try {
            for (int i = 0; i < 10_000; i++) {
                socket.getOutputStream().write("GET /wss?token=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".getBytes(US_ASCII));
            }
        } catch (IOException closed) {
            // that is what has to come
        }
        awaitEnd(socket);
    }

    @Test
    void framesThatNoClientMaySend() throws Exception {
        SocketTestClient unmasked = connect();
        unmasked.sendRaw(ClientFrames.bytes(0x81, 1, 'x'));
        assertThat(unmasked.closeCode()).isEqualTo(1002);
        SocketTestClient reserved = connect();
        reserved.sendRaw(ClientFrames.frame(ClientFrames.FIN | 3, new byte[10]));
        assertThat(reserved.closeCode()).isEqualTo(1002);
        SocketTestClient noText = connect();
        noText.sendRaw(ClientFrames.frame(ClientFrames.FIN | ClientFrames.TEXT, ClientFrames.bytes(0xc3, 0x28)));
        assertThat(noText.closeCode()).isEqualTo(1007);
    }

    @Test
    void aFloodOfPingsOfAClientThatDoesNotRead() throws Exception {
        SocketTestClient client = connect();
        client.stopReading();
        byte[] pings = ClientFrames.concat(
                ClientFrames.ping("x".repeat(125)),
                ClientFrames.ping("y".repeat(125)),
                ClientFrames.ping("z".repeat(125)));
        for (int i = 0; i < 30_000; i++) {
            client.sendRaw(pings);
        }
        client.sendRaw(ClientFrames.ping("the last"));
        client.resumeReading();
        String pong = client.nextPong(TestClient.SOON);
        while (!pong.equals("the last")) {
            pong = client.nextPong(TestClient.SOON);
        }
        client.send(Requests.publish("numbers", "1", 1));
        assertThat(client.next()).contains("\"ack\"");
    }
}
