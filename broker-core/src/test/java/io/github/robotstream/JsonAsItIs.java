package io.github.robotstream;

/** A codec that is not the library's own, so that it is asked on a thread for that. */
class JsonAsItIs implements TopicCodec<String> {
    @Override
    public String encode(String value) {
        return value;
    }

    @Override
    public String decode(String json) {
        return json;
    }
}
