package io.github.robotstream.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.internal.worker.ByteBudget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What sessions' requests that wait for the broker thread may take of the memory, all together. */
class RequestLaneTest {
    private static final int LARGEST = 1 << 20;
    private static final Runnable REQUEST = new Request();

    private final ByteBudget budget = new ByteBudget(4 * LARGEST);

    private record Request() implements Runnable {
        @Override
        public void run() {}
    }

    private RequestLane lane() {
        return new RequestLane(LARGEST, budget);
    }

    private boolean takes(RequestLane lane, int size) {
        lane.offer(REQUEST, size);
        return lane.takeRefused() == 0;
    }

    private List<RequestLane> fill() {
        List<RequestLane> stuck = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            RequestLane lane = lane();
            if (takes(lane, LARGEST)) {
                stuck.add(lane);
            }
        }
        return stuck;
    }

    @Test
    void largeOnesOfManySessionsDoNotTakeMoreThanThereIs() {
        assertThat(fill()).hasSize(3);
    }

    @Test
    void tinyOnesCountWithWhatTheyCostBesideTheirBytes() {
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            RequestLane lane = lane();
            for (int j = 0; j < 1000; j++) {
                taken += takes(lane, 1) ? 1 : 0;
            }
        }
        assertThat(taken).isLessThan(10_000);
    }

    @Test
    void aFewSmallOnesHaveRoomWhateverOthersDo() {
        fill();
        RequestLane hogs = lane();
        while (takes(hogs, 100)) {}
        RequestLane honest = lane();
        for (int i = 0; i < 10; i++) {
            assertThat(takes(honest, 200)).isTrue();
        }
        assertThat(takes(honest, LARGEST)).isFalse();
    }

    @Test
    void whatIsDoneGivesItsRoomBack() {
        List<RequestLane> stuck = fill();
        stuck.forEach(lane -> assertThat(lane.poll()).isSameAs(REQUEST));
        assertThat(fill()).hasSize(3);
    }

    @Test
    void whatIsNeverDoneGivesItsRoomBackToo() {
        List<RequestLane> stuck = fill();
        for (RequestLane lane : stuck) {
            assertThat(lane.discard()).isEqualTo(1);
            assertThat(lane.poll()).isNull();
        }
        assertThat(fill()).hasSize(3);
    }
}
