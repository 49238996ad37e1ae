package io.github.robotstream.testing;

import io.github.robotstream.TopicCodec;

/** A codec that is not the library's own, so that it is asked on a thread for that. */
public class JsonAsItIs implements TopicCodec<String> {
    @Override
    public String encode(String value) {
        return value;
    }

    @Override
    public String decode(String json) {
        return json;
    }
}
