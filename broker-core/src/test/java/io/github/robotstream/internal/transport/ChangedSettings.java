package io.github.robotstream.internal.transport;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** Settings with one value changed. */
public record ChangedSettings(TransportSettings base) {

    public TransportSettings maxMessageBytes(int bytes) {
        return with("maxMessageBytes", bytes);
    }

    TransportSettings maxArrivals(int count) {
        return with("maxArrivals", count);
    }

    public TransportSettings maxConnections(int count) {
        return with("maxConnections", count);
    }

    TransportSettings maxHalfReceivedBytes(long bytes) {
        return with("maxHalfReceivedBytes", bytes);
    }

    public TransportSettings maxUnsentBytes(long bytes) {
        return with("maxUnsentBytes", bytes);
    }

    TransportSettings socketSendBufferBytes(int bytes) {
        return with("socketSendBufferBytes", bytes);
    }

    public TransportSettings handshakeTimeout(Duration time) {
        return with("handshakeTimeout", time);
    }

    public TransportSettings closeTimeout(Duration time) {
        return with("closeTimeout", time);
    }

    public TransportSettings perAddress(AddressLimits limits) {
        return with("perAddress", limits);
    }

    TransportSettings pages(Map<String, Page> pages) {
        return with("pages", pages);
    }

    TransportSettings refusalStyle(Refusal.Style style) {
        return with("refusalStyle", style);
    }

    /** By reflection, so that the values that stay need not be named each time. */
    private TransportSettings with(String name, Object value) {
        RecordComponent[] components = TransportSettings.class.getRecordComponents();
        try {
            Object[] values = new Object[components.length];
            for (int i = 0; i < values.length; i++) {
                boolean changes = components[i].getName().equals(name);
                values[i] = changes ? value : components[i].getAccessor().invoke(base);
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return TransportSettings.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException fault) {
            throw new LinkageError("settings with another " + name, fault);
        }
    }
}
