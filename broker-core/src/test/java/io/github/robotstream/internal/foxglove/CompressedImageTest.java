package io.github.robotstream.internal.foxglove;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.OutboundMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** Pictures in Protocol Buffers, read by a reader that knows nothing but the encoding. */
class CompressedImageTest {
    /** The fields of a message in order; those whose path of numbers is among {@code messages} are messages themselves. */
    private static String fields(ByteBuffer message, String path, Set<String> messages) {
        StringJoiner out = new StringJoiner(" ");
        while (message.hasRemaining()) {
            long tag = varint(message);
            String field = path + (tag >> 3);
            if ((tag & 7) == 0) {
                out.add((tag >> 3) + "=" + varint(message));
            } else {
                assertThat(tag & 7).as("wire type").isEqualTo(2);
                int length = (int) varint(message);
                ByteBuffer value = message.slice(message.position(), length);
                message.position(message.position() + length);
                String text = messages.contains(field)
                        ? "{" + fields(value, field + "/", messages) + "}"
                        : StandardCharsets.ISO_8859_1.decode(value).toString();
                out.add((tag >> 3) + "=" + text);
            }
        }
        return out.toString();
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String of(byte[] picture, long wallMicros, String mediaType) {
        OutboundMessage message =
                CompressedImage.of(OutboundMessage.binary(new byte[0], picture, picture.length), wallMicros, mediaType);
        ByteBuffer all = ByteBuffer.allocate(message.length());
        message.copyTo(all, 0);
        return fields(all.flip(), "", Set.of("1"));
    }

    @Test
    void aPictureHasItsTimeItsFormatAndItsBytesLast() {
        byte[] picture = "pixels".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(of(picture, 1_764_000_000_123_456L, "image/jpeg; q=1"))
                .isEqualTo("1={1=1764000000 2=123456000} 3=jpeg 2=pixels");
        assertThat(of(picture, 0, "image/png")).isEqualTo("1={1=0 2=0} 3=png 2=pixels");
        assertThat(of(new byte[300], 0, "image/webp")).hasSize("1={1=0 2=0} 3=webp 2=".length() + 300);
    }

    @Test
    void theBytesAreNotCopied() {
        byte[] picture = new byte[5];

        assertThat(CompressedImage.of(OutboundMessage.binary(new byte[0], picture, 3), 0, "image/png")
                        .body())
                .isSameAs(picture);
    }

    @Test
    void theDescriptorsSayWhichFieldsThereAre() {
        ByteBuffer set = ByteBuffer.wrap(Base64.getDecoder().decode(CompressedImage.DESCRIPTOR));

        assertThat(fields(set, "", Set.of("1", "1/4", "1/4/2")))
                .isEqualTo("1={1=google/protobuf/timestamp.proto 2=google.protobuf"
                        + " 4={1=Timestamp 2={1=seconds 3=1 4=1 5=3} 2={1=nanos 3=2 4=1 5=5}} 12=proto3}"
                        + " 1={1=foxglove/CompressedImage.proto 2=foxglove 3=google/protobuf/timestamp.proto"
                        + " 4={1=CompressedImage 2={1=timestamp 3=1 4=1 5=11 6=.google.protobuf.Timestamp}"
                        + " 2={1=frame_id 3=4 4=1 5=9} 2={1=data 3=2 4=1 5=12} 2={1=format 3=3 4=1 5=9}} 12=proto3}");
    }
}
