package io.github.robotstream.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The yardstick: one thread, all messages of a topic that wait put together once, one write for each of its subscribers. It
 * checks nothing, and a subscriber whose socket is full misses what comes meanwhile.
 */
final class BareLoopPeer implements Peer {
    private static final int BATCH_BYTES = 256 * 1024;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3

    private final Queue<Message> messages = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Map<String, Set<Client>> subscribers = new HashMap<>();
    private final Map<String, ByteBuffer> batches = new HashMap<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private Selector selector;

    private record Message(String topic, byte[] head, byte[] payload) {
        int bytes() {
            return head.length + payload.length;
        }
    }

    /** A connection; what its socket did not take of a batch is kept, and goes first. */
    private static final class Client {
        final SocketChannel channel;
        ByteBuffer rest = ByteBuffer.allocate(0);
        boolean upgraded;

        Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    @Override
    public int start() throws IOException {
        selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Thread loop = new Thread(this::run, "bare-loop");
        loop.setDaemon(true);
        loop.start();
        return server.socket().getLocalPort();
    }

    @Override
    public void publish(String topic, String value) {
        byte[] text = Frames.text(topic, value).getBytes(UTF_8);
        send(new Message(topic, Frames.head(Frames.TEXT, text.length), text));
    }

    @Override
    public void publishImage(byte[] image) {
        send(new Message(Frames.CAMERA, Frames.head(Frames.BINARY, image.length), image));
    }

    private void send(Message message) {
        messages.add(message);
        if (awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    private void run() {
        try {
            while (true) {
                awake.set(false);
                if (messages.isEmpty()) {
                    selector.select(this::ready);
                } else {
                    selector.selectNow(this::ready);
                }
                awake.set(true);
                writeBatches();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void writeBatches() {
        int bytes = 0;
        for (Message next = messages.poll(); next != null; next = bytes < BATCH_BYTES ? messages.poll() : null) {
            batches.computeIfAbsent(next.topic, t -> ByteBuffer.allocateDirect(2 * BATCH_BYTES))
                    .put(next.head)
                    .put(next.payload);
            bytes += next.bytes();
        }
        batches.forEach((topic, batch) -> {
            batch.flip();
            if (batch.hasRemaining()) {
                for (Client client : Set.copyOf(subscribers.getOrDefault(topic, Set.of()))) {
                    batch.rewind();
                    write(client, batch);
                }
            }
            batch.clear();
        });
    }

    private void write(Client client, ByteBuffer batch) {
        try {
            if (client.rest.hasRemaining()) {
                client.channel.write(client.rest);
                if (client.rest.hasRemaining()) {
                    return;
                }
            }
            client.channel.write(batch);
            if (batch.hasRemaining()) {
                client.rest = ByteBuffer.allocate(batch.remaining()).put(batch).flip();
            }
        } catch (IOException e) {
            leave(client);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel server) {
                SocketChannel channel = server.accept();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ, new Client(channel));
            } else {
                read((Client) key.attachment());
            }
        } catch (IOException e) {
            leave((Client) key.attachment());
        }
    }

    private void leave(Client client) {
        subscribers.values().forEach(clients -> clients.remove(client));
        try {
            client.channel.close();
        } catch (IOException e) {
            // then it is closed
        }
    }

    /** Heads and requests come whole here, as the load client sends them in one write and waits for the answer. */
    private void read(Client client) throws IOException {
        in.clear();
        if (client.channel.read(in) < 0) {
            leave(client);
            return;
        }
        byte[] bytes = new byte[in.flip().remaining()];
        in.get(bytes);
        String text = new String(bytes, ISO_8859_1);
        if (!client.upgraded) {
            client.upgraded = true;
            client.channel.write(ByteBuffer.wrap(answer(text).getBytes(ISO_8859_1)));
            return;
        }
        for (String request : text.split("\"action\"", -1)) {
            String topic = Frames.topicOf(request);
            if (!topic.isEmpty()) {
                subscribers.computeIfAbsent(topic, t -> new LinkedHashSet<>()).add(client);
            }
        }
    }

    private static String answer(String request) {
        String from = request.substring(request.indexOf("Sec-WebSocket-Key: ") + 19);
        String key = from.substring(0, from.indexOf('\r'));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(ISO_8859_1));
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
