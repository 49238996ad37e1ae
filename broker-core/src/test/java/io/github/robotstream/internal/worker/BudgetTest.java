package io.github.robotstream.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetTest {
    @Test
    void takesItemsUpToTheirNumberAndCountsTheRest() {
        Budget budget = new Budget(2, 100);
        assertThat(budget.take(1)).isTrue();
        assertThat(budget.take(1)).isTrue();
        assertThat(budget.take(1)).isFalse();
        assertThat(budget.lost()).isEqualTo(1);
    }

    @Test
    void takesItemsUpToTheirWeightAndCountsTheRest() {
        Budget budget = new Budget(10, 100);
        assertThat(budget.take(60)).isTrue();
        assertThat(budget.take(41)).isFalse();
        assertThat(budget.take(40)).isTrue();
        assertThat(budget.take(0)).isTrue();
        assertThat(budget.lost()).isEqualTo(1);
    }

    @Test
    void anItemHeavierThanEverythingNeverFits() {
        Budget budget = new Budget(10, 100);
        assertThat(budget.take(101)).isFalse();
        assertThat(budget.take(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void roomThatIsGivenBackIsTakenAgain() {
        Budget budget = new Budget(1, 100);
        budget.take(100);
        budget.give(100);
        assertThat(budget.take(100)).isTrue();
        assertThat(budget.lost()).isZero();
    }

    @Test
    void whatIsLostOnTheWayGivesItsRoomBackAndIsCounted() {
        Budget budget = new Budget(1, 100);
        budget.take(100);
        budget.lose(100);
        budget.refuse();
        assertThat(budget.take(100)).isTrue();
        assertThat(budget.lost()).isEqualTo(2);
    }
}
