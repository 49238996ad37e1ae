package io.github.robotstream.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client is sent of a topic whose messages are numbered: they have to come in order. */
public final class NumberedMessages {
    private final TestClient client;
    private final Pattern number;
    private long newest = -1;
    private long received;

    /**
     * None yet.
     *
     * @param member the member that holds the number
     */
    public NumberedMessages(TestClient client, String member) {
        this.client = client;
        this.number = Pattern.compile("\"" + member + "\":(\\d+)");
    }

    /** Until that number is here, or nothing comes any more. */
    public void readUntil(long last) {
        while (newest < last) {
            take(client.next(Duration.ofSeconds(10)));
        }
    }

    /** What has come by now. */
    public void readWhatIsHere() {
        for (Optional<String> next = client.poll(); next.isPresent(); next = client.poll()) {
            take(next.get());
        }
    }

    private void take(String message) {
        Matcher found = number.matcher(message);
        assertThat(found.find()).isTrue();
        long next = Long.parseLong(found.group(1));
        assertThat(next).as("order").isGreaterThan(newest);
        newest = next;
        received++;
    }

    /** How many have come. */
    public long received() {
        return received;
    }
}
