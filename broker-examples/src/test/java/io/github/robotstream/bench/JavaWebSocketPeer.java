package io.github.robotstream.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.java_websocket.WebSocket;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket as it comes, with a set of subscribers for each topic and nothing else. */
final class JavaWebSocketPeer implements Peer {
    private final boolean broadcast;
    private final Map<String, Set<WebSocket>> subscribers = new ConcurrentHashMap<>();
    private final CountDownLatch listening = new CountDownLatch(1);
    private final Server server = new Server();

    JavaWebSocketPeer(boolean broadcast) {
        this.broadcast = broadcast;
    }

    @Override
    public int start() {
        server.setTcpNoDelay(true);
        server.start();
        try {
            listening.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return server.getPort();
    }

    @Override
    public void publish(String topic, String value) {
        String frame = Frames.text(topic, value);
        Set<WebSocket> to = subscribers.getOrDefault(topic, Set.of());
        if (broadcast) {
            server.broadcast(frame, to);
            return;
        }
        for (WebSocket client : to) {
            try {
                client.send(frame);
            } catch (WebsocketNotConnectedException left) {
                // the next one gets it all the same
            }
        }
    }

    private final class Server extends WebSocketServer {
        Server() {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        }

        @Override
        public void onMessage(WebSocket client, String text) {
            subscribers
                    .computeIfAbsent(Frames.topicOf(text), t -> ConcurrentHashMap.newKeySet())
                    .add(client);
        }

        @Override
        public void onClose(WebSocket client, int code, String reason, boolean remote) {
            subscribers.values().forEach(clients -> clients.remove(client));
        }

        @Override
        public void onStart() {
            listening.countDown();
        }

        @Override
        public void onOpen(WebSocket client, ClientHandshake handshake) {}

        @Override
        public void onError(WebSocket client, Exception fault) {}
    }
}
