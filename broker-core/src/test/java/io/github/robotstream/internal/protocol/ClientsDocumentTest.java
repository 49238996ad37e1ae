package io.github.robotstream.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of clients has a bound, however many they are and whatever they are called. */
class ClientsDocumentTest {
    private final ClientsDocument document = new ClientsDocument();

    private void add(int count, String subject, List<String> topics) {
        for (int i = 0; i < count; i++) {
            document.add(new ClientsDocument.Client(
                    "c-" + i, subject, "127.0.0.1:1", Instant.EPOCH, topics.size(), topics, 0, 0, 0, 0));
        }
    }

    private static JsonObject read(String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }

    @Test
    void beyondTheBoundClientsAreOnlyCounted() {
        add(10_000, "operator", List.of("pose"));

        String json = document.end();
        int shown = read(json).getAsJsonArray("clients").size();
        assertThat(json.length()).isBetween(65_000, 65_600);
        assertThat(shown).isGreaterThan(350);
        assertThat(read(json).get("more").getAsInt()).isEqualTo(10_000 - shown);
    }

    @Test
    void afterOneThatHasNoRoomNoneIsShown() {
        add(60, "operator", Collections.nCopies(8, "t".repeat(128)));
        add(1, "the last", List.of());

        String json = document.end();
        int shown = read(json).getAsJsonArray("clients").size();
        assertThat(json).doesNotContain("the last");
        assertThat(read(json).get("more").getAsInt()).isEqualTo(61 - shown);
    }

    @Test
    void aLongSubjectIsCut() {
        add(1, "s".repeat(10_000), List.of());

        assertThat(document.end()).contains("\"" + "s".repeat(199) + "…\"");
    }

    @Test
    void withoutClientsItIsEmpty() {
        assertThat(document.end()).isEqualTo("{\"clients\":[],\"more\":0}");
    }
}
