package io.github.robotstream.internal.foxglove;

import io.github.robotstream.internal.json.JsonWriter;
import io.github.robotstream.internal.protocol.TopicNotice;

/** What a topic is as a channel, whose id is the topic's number. */
record Channel(Form form, String encoding, String schemaName, String schema, String schemaEncoding) {
    private static final String LOGS = "server_logs";
    private static final String PICTURES = "image/";
    /** The schema of topics of which nobody has said more. */
    private static final String ANY = "json";

    private static final String BYTES =
            "{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"string\",\"contentEncoding\":\"base64\"}}}";

    static Channel of(TopicNotice topic) {
        if (topic.name().equals(LOGS)) {
            return json(Form.LOG, "foxglove.Log", LogRecord.SCHEMA);
        }
        if (topic.mediaType().isEmpty()) {
            PlainSchema schema = topic.schema().map(PlainSchema::of).orElse(PlainSchema.ANY);
            String shown = topic.stopValue()
                    .map(value -> schema.describedAs("stop topic: publish "
                            + (schema.wraps() ? "{\"value\":" + value + "}" : value) + " to stop the robot"))
                    .orElse(schema.json());
            return json(Form.JSON, topic.type().orElse(ANY), shown);
        }
        String mediaType = topic.mediaType().get();
        return mediaType.startsWith(PICTURES)
                ? new Channel(Form.IMAGE, "protobuf", CompressedImage.NAME, CompressedImage.DESCRIPTOR, "protobuf")
                : json(Form.JSON, mediaType, BYTES);
    }

    private static Channel json(Form form, String schemaName, String schema) {
        return new Channel(form, "json", schemaName, schema, "jsonschema");
    }

    /** Writes what a client is told of it. */
    void writeTo(JsonWriter out, TopicNotice topic) {
        out.beginObject().key("id").number(topic.number());
        out.key("topic").string(topic.name());
        out.key("encoding").string(encoding);
        out.key("schemaName").string(schemaName);
        out.key("schema").string(schema);
        out.key("schemaEncoding").string(schemaEncoding).endObject();
    }
}
