package io.github.robotstream.internal.foxglove;

import io.github.robotstream.internal.transport.OutboundMessage;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/** A picture as a message of the schema {@code foxglove.CompressedImage}, whose bytes are not copied. */
final class CompressedImage {
    static final String NAME = "foxglove.CompressedImage";

    private static final int TIMESTAMP = 1;
    private static final int DATA = 2;
    private static final int FORMAT = 3;
    private static final int FRAME_ID = 4;

    /** Its file of descriptors and the one that this needs, a {@code google.protobuf.FileDescriptorSet} in base64. */
    static final String DESCRIPTOR = Base64.getEncoder()
            .encodeToString(new Protobuf()
                    .message(1, Descriptors.timestamp())
                    .message(1, Descriptors.image())
                    .toBytes());

    private CompressedImage() {}

    /**
     * {@return the message around a picture}
     *
     * @param wallMicros when it was published, since 1970
     * @param mediaType of the picture, {@code image/…}
     */
    static OutboundMessage of(OutboundMessage picture, long wallMicros, String mediaType) {
        long seconds = TimeUnit.MICROSECONDS.toSeconds(wallMicros);
        long nanos = TimeUnit.MICROSECONDS.toNanos(wallMicros - TimeUnit.SECONDS.toMicros(seconds));
        byte[] head = new Protobuf()
                .message(TIMESTAMP, new Protobuf().number(1, seconds).number(2, nanos))
                .text(FORMAT, format(mediaType))
                .bytesFollow(DATA, picture.length())
                .toBytes();
        return picture.withHead(head);
    }

    /** What stands behind the slash, without parameters: {@code jpeg}. */
    private static String format(String mediaType) {
        int semicolon = mediaType.indexOf(';');
        String type = semicolon < 0 ? mediaType : mediaType.substring(0, semicolon);
        return type.substring(type.indexOf('/') + 1).strip();
    }

    /** The fields of {@code google/protobuf/descriptor.proto} that are needed. */
    private static final class Descriptors {
        private static final int LABEL_OPTIONAL = 1;
        private static final int INT64 = 3;
        private static final int INT32 = 5;
        private static final int STRING = 9;
        private static final int MESSAGE = 11;
        private static final int BYTES = 12;

        static Protobuf timestamp() {
            Protobuf message = new Protobuf()
                    .text(1, "Timestamp")
                    .message(2, field("seconds", 1, INT64))
                    .message(2, field("nanos", 2, INT32));
            return new Protobuf()
                    .text(1, "google/protobuf/timestamp.proto")
                    .text(2, "google.protobuf")
                    .message(4, message)
                    .text(12, "proto3");
        }

        static Protobuf image() {
            Protobuf message = new Protobuf()
                    .text(1, "CompressedImage")
                    .message(2, field("timestamp", TIMESTAMP, MESSAGE).text(6, ".google.protobuf.Timestamp"))
                    .message(2, field("frame_id", FRAME_ID, STRING))
                    .message(2, field("data", DATA, BYTES))
                    .message(2, field("format", FORMAT, STRING));
            return new Protobuf()
                    .text(1, "foxglove/CompressedImage.proto")
                    .text(2, "foxglove")
                    .text(3, "google/protobuf/timestamp.proto")
                    .message(4, message)
                    .text(12, "proto3");
        }

        private static Protobuf field(String name, int number, int type) {
            return new Protobuf()
                    .text(1, name)
                    .number(3, number)
                    .number(4, LABEL_OPTIONAL)
                    .number(5, type);
        }
    }
}
