package io.github.robotstream.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.spi.StoredTopic;
import io.github.robotstream.testing.FakeStore;
import io.github.robotstream.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store that cannot be opened fails the start with an IOException, and is closed. */
class StoreStartTest {
    private final FakeStore store = new FakeStore();
    private final StoreRunner runner = new StoreRunner(store, new ManualClock(), entry -> {}, (what, cause) -> {});

    @Test
    void anIOExceptionOfTheStoreIsPassedOn() {
        IOException failure = new IOException("disk full");
        store.failWith(failure);
        assertThatThrownBy(runner::start).isSameAs(failure);
        assertThat(store.calls()).containsExactly("open", "close");
    }

    static List<Throwable> whatElse() {
        return List.of(
                new IllegalStateException("no folder"),
                new NoClassDefFoundError("no driver"),
                new InterruptedException("stopped"));
    }

    @ParameterizedTest
    @MethodSource("whatElse")
    void whateverElseItThrowsBecomesAnIOExceptionThatSaysWhatHappened(Throwable failure) {
        store.failWith(failure);
        assertThatThrownBy(runner::start)
                .isInstanceOf(IOException.class)
                .hasCause(failure)
                .hasMessageContaining("topic store " + FakeStore.class.getName())
                .hasMessageContaining(failure.getMessage());
        assertThat(store.calls()).containsExactly("open", "close");
    }

    static List<List<StoredTopic>> wrongAnswers() {
        Payload payload = Payload.of("pose", "int", "1");
        Message latest = new Message("pose", payload, "k3f9", 6, ManualClock.BEGIN, "robot");
        StoredTopic pose = new StoredTopic("pose", "k3f9", 7, Optional.empty());
        return Arrays.asList(
                null,
                Arrays.asList(pose, null),
                List.of(pose, pose),
                List.of(new StoredTopic("joints/#", "k3f9", 7, Optional.empty())),
                List.of(new StoredTopic("pose", "", 7, Optional.empty())),
                List.of(new StoredTopic("pose", "k3f9", -1, Optional.empty())),
                List.of(new StoredTopic("pose", "k3f9", 7, Optional.of(latest))),
                List.of(new StoredTopic("pose", "other", 6, Optional.of(latest))),
                List.of(new StoredTopic("other", "k3f9", 6, Optional.of(latest))));
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void aWrongAnswerIsNotBelieved(List<StoredTopic> answer) {
        store.standing(answer);
        assertThatThrownBy(runner::start).isInstanceOf(IOException.class).hasMessageContaining("could not be opened");
        assertThat(store.calls()).containsExactly("open", "close");
    }

    @Test
    void closingAfterAFailedStartDoesNotCloseTheStoreAgain() {
        store.failWith(new IOException("disk full"));
        assertThatThrownBy(runner::start).isInstanceOf(IOException.class);
        assertThat(runner.close(Duration.ofSeconds(20))).isTrue();
        assertThat(store.calls()).containsExactly("open", "close");
    }
}
