package io.github.robotstream;

import io.github.robotstream.internal.settings.Settings.Declared;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** Sets how the broker treats one topic. Not safe for use by several threads; a broker that has started is not changed. */
public final class TopicSettings {
    private final Map<Topic<?>, Declared> declared;
    private final Topic<?> topic;

    TopicSettings(Map<Topic<?>, Declared> declared, Topic<?> topic) {
        this.declared = declared;
        this.topic = topic;
    }

    /**
     * Lets clients publish any type on the topic. Without this, a client's message whose {@code type} is not the topic's,
     * or whose value cannot be decoded, is refused with {@code type_mismatch}.
     */
    public TopicSettings uncheckedFromClients() {
        return change(said -> new Declared(true, said.history()));
    }

    /**
     * How many of the topic's last messages are kept in memory, 0 to 10,000, for clients that were away and for those that ask for its history.
     * As many as {@link Limits#history} says unless set. Their bytes count in {@link Limits#retainedBytes}. A command topic keeps none.
     */
    public TopicSettings history(int messages) {
        int checked = (int) Range.check("history", messages, 0, Limits.MOST_HISTORY);
        return change(said -> new Declared(said.uncheckedFromClients(), OptionalInt.of(checked)));
    }

    private TopicSettings change(UnaryOperator<Declared> change) {
        declared.compute(topic, (same, said) -> change.apply(said == null ? Declared.USUAL : said));
        return this;
    }
}
