package io.github.robotstream.internal.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkIntervalTest {
    private final MarkInterval interval = new MarkInterval();

    @ParameterizedTest
    @CsvSource({"1, 500", "500, 500", "1000, 1000", "2000, 2000", "1000000, 2000"})
    void manyClientsAreMarkedLessOftenThanTwiceASecond(int clients, long millis) {
        interval.clients(clients);
        assertThat(TimeUnit.NANOSECONDS.toMillis(interval.nanos())).isEqualTo(millis);
        interval.clients(0);
        assertThat(interval.nanos()).isEqualTo(MarkInterval.LEAST_NANOS);
    }
}
