package io.github.robotstream.endurance;

import io.github.robotstream.testing.BinaryMessages;
import io.github.robotstream.testing.ClientFrames;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Kinds of hostile clients: what one does from when it comes until it has had enough or is sent away. */
enum Hostility {
    NEVER_READS {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connectDeaf();
            client.send(Requests.subscribe("own/" + one.number() % HostileCrowdLoops.OWN_TOPICS));
            stays(one, client);
        }
    },
    STUCK_ON_A_LARGE_MESSAGE {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connectDeaf();
            client.send(Requests.subscribe("big/" + one.number() % HostileCrowdLoops.OWN_TOPICS));
            client.send(Requests.subscribe("big/" + (one.number() + 12) % HostileCrowdLoops.OWN_TOPICS));
            stays(one, client);
        }
    },
    HALF_MESSAGES {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connect();
            client.sendRaw(ClientFrames.head(ClientFrames.FIN | ClientFrames.TEXT, 1 << 20));
            client.sendRaw(new byte[700_000]);
            stays(one, client);
        }
    },
    /** The kernel's queues of its socket are full, so its replies wait and its requests too, however large. */
    LARGE_REQUESTS_WITHOUT_READING_REPLIES {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connectDeaf();
            client.send(Requests.subscribe("own/+"));
            one.pause(500);
            for (int i = 0; i < 80; i++) {
                client.send(Requests.publish("small", "1", i));
            }
            one.pause(20L * one.number()); // too many at once have no memory to come whole
            client.send(Requests.publish("large", "\"" + "x".repeat(1_000_000) + "\""));
            stays(one, client);
        }
    },
    HALF_HEADS {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            OutputStream out = one.socket(one.request()).getOutputStream();
            for (byte b : one.request().head()) {
                if (one.goesOn()) {
                    out.write(b);
                    one.done();
                    one.pause(50);
                }
            }
        }
    },
    HALF_HANDSHAKES_OF_TLS {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            Socket socket = one.socket(one.request().through(SocketFactory.getDefault()));
            byte[] hello = clientHello();
            socket.getOutputStream().write(hello, 0, one.number() % 2 == 0 ? hello.length / 2 : hello.length);
            one.done();
            one.pause(300);
        }
    },
    EVER_NEW_TOPICS {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connect();
            String value = "\"" + "x".repeat(200_000) + "\"";
            for (int i = 0; i < 120 && one.goesOn(); i++) {
                client.send(Requests.publish("new/" + NUMBERS.incrementAndGet(), value));
                one.done();
                one.pause(10);
            }
        }
    },
    MANY_SUBSCRIPTIONS {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connectDeaf();
            for (int i = 0; one.goesOn(); i++) {
                client.send(Requests.subscribe("+/" + i % 300 + "/+/#"));
                client.send(Requests.subscribe(i % 2 == 0 ? "#" : "own/+"));
                one.done();
                one.pause(5);
            }
        }
    },
    /** There are no requests for former messages but this. */
    LAST_VALUES_AGAIN_AND_AGAIN {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connectDeaf();
            while (one.goesOn()) {
                client.send("{\"action\":\"subscribe\",\"topic\":\"#\",\"options\":{\"retained\":true}}");
                one.done();
                one.pause(20);
            }
        }
    },
    PINGS {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            sendsAgainAndAgain(one, one.connectDeaf(), ClientFrames.ping("x".repeat(125)));
        }
    },
    SMALL_MESSAGES {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            sendsAgainAndAgain(one, one.connect(), ClientFrames.text(Requests.publish("small", "1")));
        }
    },
    NONSENSE {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connect();
            client.send("[".repeat(1 << 20));
            sendsAgainAndAgain(one, client, ClientFrames.text("nonsense"));
        }
    },
    BINARY_NONSENSE {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connect();
            String head = "{\"action\":\"publish\",\"topic\":\"small\",\"data\":{\"name\":\"a\",\"type\":\"b/c\"}}";
            client.sendBinary(BinaryMessages.of(head, new byte[1_000_000]));
            client.sendBinary(BinaryMessages.of("[".repeat(16_000), new byte[0]));
            sendsAgainAndAgain(one, client, ClientFrames.frame(ClientFrames.FIN | ClientFrames.BINARY, new byte[] {
                -1, -1, -1, -1, 0
            }));
        }
    },
    GARBAGE_IN_PLACE_OF_FRAMES {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connect();
            byte[] garbage = new byte[2048];
            new Random(NUMBERS.incrementAndGet()).nextBytes(garbage);
            garbage[0] |= 0x40; // a reserved bit, so that none of it is a frame by chance
            client.sendRaw(garbage);
            one.done();
            stays(one, client);
        }
    },
    GARBAGE_TOKENS {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            String token = "x".repeat(NUMBERS.incrementAndGet() % 16_000);
            SocketTestClient client =
                    one.opened(one.request().target("/wss?token=" + token).requestUpgrade());
            client.status();
            one.done();
        }
    },
    GARBAGE_TOKENS_IN_A_SESSION {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            String token = "x".repeat(10_000);
            sendsAgainAndAgain(
                    one,
                    one.connect(),
                    ClientFrames.text("{\"action\":\"auth\",\"id\":1,\"token\":\"" + token + "\"}"));
        }
    },
    LEAVES_WITHOUT_READING {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connectDeaf();
            client.send(Requests.subscribe("#"));
            one.pause(200);
            client.close(1000, "");
            one.done();
        }
    },
    GOES_ON_AFTER_ITS_CLOSE {
        @Override
        void live(HostileCrowd.One one) throws IOException {
            SocketTestClient client = one.connectDeaf();
            client.send(Requests.subscribe("own/+"));
            client.close(1000, "");
            sendsAgainAndAgain(one, client, ClientFrames.text(Requests.publish("small", "1")));
        }
    };

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final int AT_ONCE = 50;

    abstract void live(HostileCrowd.One one) throws IOException;

    /** Until it is sent away. */
    private static void stays(HostileCrowd.One one, SocketTestClient client) {
        while (one.goesOn()) {
            one.done();
            one.pause(200);
            client.sendRaw(ClientFrames.pong()); // fails once the socket is closed
        }
    }

    private static void sendsAgainAndAgain(HostileCrowd.One one, SocketTestClient client, byte[] frame) {
        byte[] many = new byte[AT_ONCE * frame.length];
        for (int i = 0; i < AT_ONCE; i++) {
            System.arraycopy(frame, 0, many, i * frame.length, frame.length);
        }
        while (one.goesOn()) {
            client.sendRaw(many);
            one.done();
            one.pause(5);
        }
    }

    /** All of what a client of TLS sends first (RFC 8446 section 4.1.2). */
    private static byte[] clientHello() throws IOException {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            return Arrays.copyOf(hello.array(), hello.position());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
