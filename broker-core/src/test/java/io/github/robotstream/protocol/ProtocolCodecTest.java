package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Topic;
import io.github.robotstream.TopicCodec;
import io.github.robotstream.testing.Standstill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A codec of the application's that stands still keeps nobody's place and nobody's thread for ever. */
class ProtocolCodecTest extends ProtocolContract {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(5);

    private final Standstill standstill = new Standstill();
    private final Topic<Integer> slow = topic("slow");
    private final Topic<Integer> other = topic("other");

    /** A topic whose codec stands still where it reads 1, and is quick otherwise. */
    private Topic<Integer> topic(String name) {
        return Topic.command(name, "float", new TopicCodec<>() {
            @Override
            public String encode(Integer value) {
                return value.toString();
            }

            @Override
            public Integer decode(String json) {
                if (json.equals("1")) {
                    standstill.here();
                }
                return Integer.valueOf(json);
            }
        });
    }

    private void startWith(int sessions) throws Exception {
        start(settings -> settings.topic(slow).topic(other).limits(limits -> limits.sessions(sessions)));
    }

    private void awaitStandstill() throws Exception {
        test.settle();
        standstill.awaitReached();
    }

    @AfterEach
    void letItGoOn() {
        standstill.close();
    }

    @Test
    void isGivenUpAfterFiveSecondsAndTheSessionGoesOn() throws Exception {
        startWith(10);
        ContractClient client = connect();
        ContractClient reader = subscriber("slow");
        client.send(with("'id':1", message("slow", "1"))).send(with("'id':2", message("slow", "2")));
        awaitStandstill();

        test.advance(TIME_LIMIT.minusMillis(1));
        client.hearsNothing();
        test.advance(Duration.ofMillis(1));

        List<String> replies = client.frames(2);
        assertError(replies.get(0), json("'id':1,'request':'publish','topic':'slow',"), "overloaded", 503, true);
        assertThat(replies.get(0)).contains("the codec of slow has taken longer than 5 s");
        assertThat(replies.get(1)).contains("\"ack\",\"id\":2");
        assertThat(reader.frames(1)).containsExactly(message("slow", "2"));
        standstill.close();
        reader.hearsNothing();
    }

    @Test
    void keepsNoPlaceOfClientsThatHaveLeft() throws Exception {
        startWith(1);
        ContractClient client = connect();
        for (int i = 0; i < 10; i++) {
            client.send(message("slow", "1"));
        }
        client.leave(1000, "");
        awaitStandstill();

        test.awaitThat(() -> {
            // Its end may be told after some of the time is over.
            test.clock.advance(TIME_LIMIT);
            assertThat(test.broker().sessions()).isEmpty();
        });
        connect().hearsNothing();
    }

    @Test
    void delaysItsOwnTopicAlone() throws Exception {
        startWith(20);
        List<ContractClient> stuck = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            stuck.add(connect().send(with("'id':1", message("slow", "1"))));
        }
        awaitStandstill();

        assertThat(connect().ask(with("'id':2", message("other", "2")))).contains("\"ack\"");
        test.advance(TIME_LIMIT);
        for (ContractClient client : stuck) {
            assertThat(client.frame()).contains("\"overloaded\"");
            assertThat(client.ask(with("'id':2", message("other", "2")))).contains("\"ack\"");
        }
    }
}
