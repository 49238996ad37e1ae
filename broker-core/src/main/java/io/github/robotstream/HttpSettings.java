package io.github.robotstream;

import java.util.Objects;

/** What the broker's port answers in HTTP, beside WebSockets. Not safe for use by several threads; the broker takes a copy when it starts. */
public final class HttpSettings {
    private RefusalStyle refusalStyle = RefusalStyle.FITTING;

    HttpSettings() {}

    HttpSettings copy() {
        HttpSettings copy = new HttpSettings();
        copy.refusalStyle = refusalStyle;
        return copy;
    }

    /**
     * How clients are told that they do not get in; {@link RefusalStyle#FITTING} unless set.
     *
     * @param value the style
     * @return this
     */
    public HttpSettings refusalStyle(RefusalStyle value) {
        refusalStyle = Objects.requireNonNull(value, "refusalStyle");
        return this;
    }

    /** {@return how clients are told that they do not get in} */
    public RefusalStyle refusalStyle() {
        return refusalStyle;
    }
}
