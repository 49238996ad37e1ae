package io.github.robotstream.internal.foxglove;

/** What the messages of a subscription are made into; its name is the subscription's number, and behind it this. */
enum Form {
    /** A JSON object: the value itself, or one with the member {@code value}. */
    JSON(""),
    /** A record of the log as {@code foxglove.Log} in JSON. */
    LOG(":log"),
    /** A picture as {@code foxglove.CompressedImage} in Protocol Buffers. */
    IMAGE(":image");

    private final String mark;

    Form(String mark) {
        this.mark = mark;
    }

    /** {@return the name of a client's subscription} */
    String nameOf(int subscription) {
        return Integer.toUnsignedString(subscription) + mark;
    }

    static Form ofName(String name) {
        return name.endsWith(LOG.mark) ? LOG : name.endsWith(IMAGE.mark) ? IMAGE : JSON;
    }

    /** {@return the number of the subscription that has that name} */
    int numberOf(String name) {
        return Integer.parseUnsignedInt(name, 0, name.length() - mark.length(), 10);
    }
}
