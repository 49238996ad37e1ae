package io.github.robotstream.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.testing.Outbound;
import org.junit.jupiter.api.Test;

/** How many replies wait, and which pass what is not written yet. */
class QueuedRepliesTest {
    private final QueueBudget budget = new QueueBudget(10);
    private final QueuedReplies replies = new QueuedReplies(budget);

    private Object queued(String text, boolean isUrgent) {
        Object entry = QueuedReplies.entry(Outbound.message(text), isUrgent);
        replies.queued(entry);
        return entry;
    }

    @Test
    void theyAreCountedAndInTheBudgetUntilTheyHaveLeft() {
        Object ack = queued("ack", false);
        queued("pong", true);
        assertThat(replies.count()).isEqualTo(2);
        assertThat(replies.bytes()).isEqualTo(7);
        assertThat(budget.isHalfFree()).isFalse();
        replies.left(ack);
        assertThat(replies.count()).isEqualTo(1);
        assertThat(replies.bytes()).isEqualTo(4);
        assertThat(budget.isHalfFree()).isTrue();
    }

    @Test
    void whatStillWaitsAtTheEndLeavesTheBudget() {
        queued("a long reply", true);
        replies.end();
        assertThat(replies.bytes()).isZero();
        assertThat(budget.isHalfFree()).isTrue();
    }

    @Test
    void oneThatIsBeingMadeIsCountedToo() {
        replies.makes(8);
        assertThat(replies.bytes()).isEqualTo(8);
        assertThat(budget.isHalfFree()).isFalse();
        replies.makes(-8);
        assertThat(budget.isHalfFree()).isTrue();
        replies.makes(8);
        replies.end();
        assertThat(budget.isHalfFree()).isTrue();
    }

    @Test
    void anUrgentOnePassesMessagesAndNoReplyThatIsUnwritten() {
        Object urgent = queued("urgent", true);
        assertThat(replies.letsPass(urgent, true)).isTrue();
        replies.left(urgent);
        assertThat(replies.letsPass(queued("next", true), true))
                .as("behind its like")
                .isTrue();

        replies.left(queued("ack", false));
        assertThat(replies.areUnwritten()).isTrue();
        assertThat(replies.letsPass(Messages.message(Messages.topic("stop"), 1), false))
                .as("a message")
                .isTrue();
        assertThat(replies.letsPass(urgent, true)).isFalse();
        replies.allWritten();
        assertThat(replies.letsPass(urgent, true)).isTrue();
    }

    @Test
    void noMessagePassesAReplyThatHadToKeepItsPlace() {
        replies.left(queued("ack", false));
        replies.letsPass(queued("urgent", true), true);
        assertThat(replies.letsPass(Messages.message(Messages.topic("stop"), 1), false))
                .isFalse();
        replies.allWritten();
        assertThat(replies.letsPass(Messages.message(Messages.topic("stop"), 1), false))
                .isTrue();
    }

    @Test
    void aUsualReplyPassesNothing() {
        OutboundMessage reply = Outbound.message("ack");
        assertThat(replies.letsPass(QueuedReplies.entry(reply, false), true)).isFalse();
    }
}
