package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.Received;
import io.github.robotstream.Sender;
import io.github.robotstream.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Robot code that wants to know hears who is driving. */
class ProtocolReceivedTest extends ProtocolContract {
    private static final Topic<Double> SPEED = Topic.command("speed", "float", Double.class);
    private static final Duration LONG = Duration.ofHours(1);

    private final List<Received<Double>> heard = new CopyOnWriteArrayList<>();

    private void startVerified() throws Exception {
        TokenTable tokens = new TokenTable();
        startGuarded(settings -> settings.tokenVerifier(tokens)
                .topic(SPEED, topic -> topic.watchdog(Duration.ofSeconds(1), 0.0))
                .subscribeReceived(SPEED, heard::add));
        tokens.with("a", principal("day")).with("newer", principal("night"));
    }

    private static ClientPrincipal principal(String shift) {
        return ClientPrincipal.of("robot", Permissions.all()).withAttributes(Map.of("shift", shift));
    }

    private static void assertIsOfClient(Sender publisher, String shift) {
        assertThat(publisher.name()).isEqualTo("robot");
        assertThat(publisher.session()).contains("c-1");
        assertThat(publisher.principal().orElseThrow().attributes()).containsEntry("shift", shift);
        assertThat(publisher).isNotEqualTo(Sender.ROBOT);
    }

    @Test
    void aListenerHearsPublisherNumberAndAge() throws Exception {
        startVerified();
        ContractClient client = test.connect("token=a").send(message("speed", "0.5"));
        test.awaitThat(() -> assertThat(heard).hasSize(1));
        assertThat(heard.get(0).value()).isEqualTo(0.5);
        assertThat(heard.get(0).sequence()).isEqualTo(1);
        assertThat(heard.get(0).age()).isZero();
        assertIsOfClient(heard.get(0).sender(), "day");

        client.ask(json("{'action':'auth','id':1,'token':'newer'}"));
        client.send(message("speed", "0.6"));
        test.awaitThat(() -> assertThat(heard).hasSize(2));
        assertIsOfClient(heard.get(1).sender(), "night");

        test.broker().publish(SPEED, 0.7);
        test.clock.advance(Duration.ofMillis(300));
        test.awaitThat(() -> assertThat(heard).hasSize(3));
        assertThat(heard.get(2).age()).isEqualTo(Duration.ofMillis(300));
        assertThat(heard.get(2).sender()).isEqualTo(Sender.ROBOT);
        assertThat(heard.get(2).sequence()).isEqualTo(3);

        test.advance(Duration.ofSeconds(1));
        test.awaitThat(() -> assertThat(heard).hasSize(4));
        assertThat(heard.get(3)).isEqualTo(new Received<>(0.0, Sender.ROBOT, 0, Duration.ZERO));
    }

    @Test
    void anInputTellsTheSame() throws Exception {
        startVerified();
        Input<Double> input = test.broker().input(SPEED);
        assertThat(input.newest(LONG)).isEmpty();
        test.connect("token=a").send(message("speed", "0.5"));
        test.advance(Duration.ofMillis(300));
        assertThat(input.newest(Duration.ofMillis(299))).isEmpty();
        Received<Double> newest = input.newest(LONG).orElseThrow();
        assertThat(newest.age()).isEqualTo(Duration.ofMillis(300));
        assertIsOfClient(newest.sender(), "day");
        assertThat(input.drainReceived()).containsExactly(newest);
        assertThat(input.drainReceived()).isEmpty();
        test.advance(Duration.ofSeconds(1));
        assertThat(input.newest(Duration.ZERO).orElseThrow().sender()).isEqualTo(Sender.ROBOT);
    }

    @Test
    void theOpenSessionsTellWhoTheirClientsAre() throws Exception {
        startVerified();
        ContractClient client = test.connect("token=a");
        assertThat(test.broker().sessions().get(0).principal().attributes()).containsEntry("shift", "day");
        client.ask(json("{'action':'auth','id':1,'token':'newer'}"));
        assertThat(test.broker().sessions().get(0).principal().attributes()).containsEntry("shift", "night");
    }
}
