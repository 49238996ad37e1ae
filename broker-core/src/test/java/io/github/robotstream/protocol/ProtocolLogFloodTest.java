package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogEntry.Level;
import io.github.robotstream.testing.FakeSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that makes the broker log as much as its request rate allows, each time about another topic. */
class ProtocolLogFloodTest extends ProtocolContract {
    private static final int SECONDS = 30;
    private static final int REQUESTS_PER_SECOND = 1_000; // the rate that is allowed unless set

    private final FakeSink sink = new FakeSink();
    private final TokenTable tokens = new TokenTable()
            .with("mallory", ClientPrincipal.of("mallory", Permissions.all()))
            .with("alice", ClientPrincipal.of("alice", Permissions.all()));
    private ContractClient alice;
    private ContractClient mallory;
    private final List<String> live = new ArrayList<>();
    private int made;

    @BeforeEach
    void startWithTwoSubjects() throws Exception {
        startGuarded(settings -> settings.tokenVerifier(tokens).logSink(sink));
        alice = test.connect("token=alice").send(subscribe("server_logs"));
        mallory = test.connect("token=mallory");
        made = 1; // that it got in
    }

    private void flood() {
        for (int second = 0; second < SECONDS; second++) {
            for (int i = 0; i < REQUESTS_PER_SECOND / 2; i++) {
                mallory.send(subscribe("flood/" + made)).send(unsubscribe("flood/" + made));
                made += 2;
            }
            test.broker().log(LogEntry.of(Level.INFO, "docking_" + second, "robot code says something each second"));
            if (second == SECONDS / 2) {
                alice.send(subscribe("pose"));
            }
            test.advance(Duration.ofSeconds(1));
            live.addAll(alice.frames());
        }
    }

    private List<LogEntry> written(String subject) {
        return sink.entries().stream()
                .filter(entry -> entry.subject().filter(subject::equals).isPresent())
                .toList();
    }

    private static long number(LogEntry entry, String attribute) {
        return ((Number) entry.attributes().getOrDefault(attribute, 0)).longValue();
    }

    private static List<String> dockings(List<String> frames) {
        return frames.stream()
                .filter(frame -> frame.contains("docking_"))
                .map(frame -> frame.replaceAll(".*(docking_[0-9]+).*", "$1"))
                .toList();
    }

    @Test
    void aFloodOfOneSubjectIsCutToItsShareAndToldInSummary() {
        flood();
        test.advance(Duration.ofSeconds(10));
        String end = "end";
        test.broker().log(LogEntry.of(Level.INFO, end, "everything before is written"));
        test.awaitThat(() -> assertThat(sink.events()).contains(end));

        List<LogEntry> mallorys = written("mallory");
        assertThat(mallorys).hasSizeLessThan(600);
        assertThat(mallorys.stream()
                        .mapToInt(entry -> entry.message().length()
                                + entry.topic().orElse("").length())
                        .sum())
                .isLessThan(160_000);
        List<LogEntry> summaries = mallorys.stream()
                .filter(entry -> entry.event().equals("log_limited"))
                .toList();
        assertThat(summaries).hasSizeBetween(2, 4).allSatisfy(entry -> {
            assertThat(entry.level()).isEqualTo(Level.WARN);
            assertThat(entry.attributes()).containsKeys("left_out", "subscribed", "unsubscribed");
        });
        long leftOut =
                summaries.stream().mapToLong(entry -> number(entry, "left_out")).sum();
        assertThat(mallorys.size() - summaries.size() + leftOut)
                .as("each entry is written or counted")
                .isEqualTo(made);
        assertThat(test.broker().stats().notLogged()).isEqualTo(leftOut);
    }

    @Test
    void whatOthersHaveToTellIsReadLiveAndKeptAllTheSame() throws Exception {
        flood();

        List<String> inOrder =
                IntStream.range(0, SECONDS).mapToObj(i -> "docking_" + i).toList();
        assertThat(dockings(live)).isEqualTo(inOrder);
        assertThat(live).anyMatch(frame -> frame.contains("subscribed to pose"));
        List<String> kept =
                test.connect("token=alice").send(subscribe("server_logs")).frames();
        assertThat(dockings(kept)).isEqualTo(inOrder);
        assertThat(kept)
                .as("the other session's")
                .filteredOn(frame -> frame.contains(json("'subject':'alice'")))
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(kept)
                .as("the flood's share")
                .filteredOn(frame -> frame.contains(json("'subject':'mallory'")))
                .hasSize(50);
        assertThat(kept).filteredOn(frame -> frame.contains("broker_started")).hasSize(1);
    }
}
