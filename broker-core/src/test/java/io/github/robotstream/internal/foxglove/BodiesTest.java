package io.github.robotstream.internal.foxglove;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.protocol.Envelope;
import io.github.robotstream.internal.protocol.PayloadHead;
import io.github.robotstream.internal.protocol.TopicHead;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.testing.Outbound;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands behind the heads of subscriptions is made once for all, and not kept with the messages that wait. */
class BodiesTest {
    private static final TopicHead HEAD = new TopicHead("pose");

    private final Bodies bodies = new Bodies();

    private static Envelope of(String type, String json) {
        return Envelope.ofValue(HEAD, new PayloadHead("pose", type), json);
    }

    private static Envelope picture(byte[] bytes) {
        return Envelope.ofBytes(HEAD, new PayloadHead("pose", "image/png"), bytes, bytes.length);
    }

    private String text(Envelope message, Form form) {
        return Outbound.text(bodies.of(message, form, 0));
    }

    @Test
    void subscribersOfAMessageShareItsBody() {
        Envelope small = of("t", "{\"x\":1}");

        assertThat(bodies.of(small, Form.JSON, 0)).isSameAs(bodies.of(small, Form.JSON, 0));
        assertThat(text(small, Form.JSON)).isEqualTo("{\"x\":1}");
    }

    @Test
    void largeValuesAndPicturesShareTheBytesOfAllOtherClients() {
        Envelope large = of("t", "[" + "1,".repeat(20_000) + "1]");
        byte[] pixels = new byte[1000];

        assertThat(bodies.of(large, Form.JSON, 0).body())
                .isSameAs(large.message().body());
        assertThat(bodies.of(picture(pixels), Form.IMAGE, 0).body()).isSameAs(pixels);
        byte[] scan = new byte[20_000];
        assertThat(bodies.of(picture(scan), Form.JSON, 0).body()).isSameAs(scan);
    }

    @Test
    void aMessageThatIsAskedForInAnotherFormComesInThat() {
        Envelope picture = picture(new byte[] {1, 2, 3});

        assertThat(text(picture, Form.JSON)).isEqualTo("{\"value\":\"AQID\"}");
        assertThat(bodies.of(picture, Form.IMAGE, 0).isBinary()).isTrue();
        assertThat(text(picture, Form.JSON)).isEqualTo("{\"value\":\"AQID\"}");
        assertThat(text(of("t", "5"), Form.IMAGE)).endsWith("5");
    }

    @Test
    void onlyTheLastBodiesAreKept() {
        List<Envelope> messages = new ArrayList<>();
        List<OutboundMessage> made = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            messages.add(of("t", "\"" + "x".repeat(1000) + "\""));
            made.add(bodies.of(messages.get(i), Form.JSON, 0));
        }

        assertThat(bodies.of(messages.get(299), Form.JSON, 0)).isSameAs(made.get(299));
        assertThat(bodies.of(messages.get(100), Form.JSON, 0)).isSameAs(made.get(100));
        assertThat(bodies.of(messages.get(0), Form.JSON, 0)).isNotSameAs(made.get(0));
    }

    @Test
    void aBodyThatIsLargerThanAllThatIsKeptIsSharedToo() {
        Envelope picture = picture(new byte[1_000_000]);

        assertThat(bodies.of(picture, Form.IMAGE, 0)).isSameAs(bodies.of(picture, Form.IMAGE, 0));
    }
}
