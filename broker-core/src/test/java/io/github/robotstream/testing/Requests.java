package io.github.robotstream.testing;

/** The texts of requests, as clients write them. */
public final class Requests {
    private Requests() {}

    public static String subscribe(String topic) {
        return "{\"action\":\"subscribe\",\"topic\":\"" + topic + "\"}";
    }

    /** A subscription that is acknowledged. */
    public static String subscribe(String topic, int id) {
        return "{\"action\":\"subscribe\",\"id\":" + id + ",\"topic\":\"" + topic + "\"}";
    }

    /** @param json the inner value, of the type {@code any} */
    public static String publish(String topic, String json) {
        return "{\"action\":\"publish\",\"topic\":\"" + topic + "\",\"data\":" + data(topic, "any", json) + "}";
    }

    /** A publish that is acknowledged. */
    public static String publish(String topic, String json, int id) {
        return "{\"action\":\"publish\",\"id\":" + id + ",\"topic\":\"" + topic + "\",\"data\":"
                + data(topic, "any", json) + "}";
    }

    /** What a subscriber is sent of {@link #publish(String, String)}. */
    public static String delivered(String topic, String type, String json) {
        return "{\"action\":\"publish\",\"topic\":\"" + topic + "\",\"data\":" + data(topic, type, json) + "}";
    }

    private static String data(String topic, String type, String json) {
        return "{\"name\":\"" + topic + "\",\"type\":\"" + type + "\",\"data\":" + json + "}";
    }
}
