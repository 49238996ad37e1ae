package io.github.robotstream;

/** How the broker treats one topic, filled in while it is built. Not safe for use by several threads. */
public final class TopicSettings {
    private boolean uncheckedFromClients;

    TopicSettings() {}

    /**
     * Lets clients publish any type on the topic. Without this, a client's message whose {@code type} is not the topic's,
     * or whose value cannot be decoded, is refused with {@code type_mismatch}.
     *
     * @return this
     */
    public TopicSettings uncheckedFromClients() {
        uncheckedFromClients = true;
        return this;
    }

    boolean isUncheckedFromClients() {
        return uncheckedFromClients;
    }
}
