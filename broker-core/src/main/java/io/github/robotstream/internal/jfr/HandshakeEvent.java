package io.github.robotstream.internal.jfr;

import java.net.InetSocketAddress;
import java.util.function.Supplier;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

@Name("robotstream.Handshake")
@Label("Handshake")
@Category("RobotStreamBroker")
@Description("From an accepted socket to the verdict on its request, TLS included")
final class HandshakeEvent extends TimedEvent {
    @Label("Address")
    @Description("The client, as a trusted proxy says if there is one")
    String address = "";

    transient @Nullable Supplier<InetSocketAddress> client; // transient: no field of the event

    @Override
    void complete() {
        if (client != null) {
            address = Recorded.text(client.get());
        }
    }
}
