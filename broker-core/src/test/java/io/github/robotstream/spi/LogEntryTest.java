package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.spi.LogEntry.Level;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the attributes of an entry, on the thread that gives them. */
class LogEntryTest {
    @Test
    void anEntryHasWhatItIsGiven() {
        LogEntry entry = LogEntry.of(Level.WARN, "battery_low", "12 % left")
                .attribute("volts", 21.5)
                .at(Instant.EPOCH);
        assertThat(entry.level()).isEqualTo(Level.WARN);
        assertThat(entry.event()).isEqualTo("battery_low");
        assertThat(entry.message()).isEqualTo("12 % left");
    }

    @Test
    void whatRobotCodeLogsIsNeverTakenForTheBrokersOwn() throws Exception {
        Map<String, Boolean> ofRobot = new ConcurrentHashMap<>();
        RobotStreamBroker broker = RobotStreamBroker.builder()
                .withoutNetwork()
                .logSink(entry -> ofRobot.put(entry.event(), entry.isFromRobot()))
                .start();
        broker.log(LogEntry.of(Level.INFO, "docked", "at the station"));
        broker.close();

        assertThat(ofRobot)
                .containsEntry("docked", true)
                .containsEntry("broker_started", false)
                .containsEntry("broker_stopping", false);
    }

    @Test
    void whatIsNullIsRefusedByItsName() {
        assertThatThrownBy(() -> LogEntry.of(Level.WARN, "battery_low", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("message");
    }

    private static Object kept(Object value) {
        return LogEntry.of(Level.INFO, "event", "message")
                .attribute("value", value)
                .at(Instant.EPOCH)
                .attributes()
                .get("value");
    }

    static List<Object> plainValues() {
        return List.of(
                "text",
                true,
                (byte) 1,
                (short) 2,
                3,
                4L,
                0.5f,
                0.25,
                Double.NaN,
                new BigInteger("123456789012345678901234567890"),
                new BigDecimal("1.50"),
                new BigDecimal("1E+300"));
    }

    @ParameterizedTest
    @MethodSource("plainValues")
    void valuesThatDoNotChangeAndAreShortAreKeptAsTheyAre(Object value) {
        assertThat(kept(value)).isSameAs(value);
    }

    @Test
    void aCounterIsKeptAsItStands() {
        AtomicLong counter = new AtomicLong(7);
        LogEntry.Builder builder = LogEntry.of(Level.INFO, "event", "message")
                .attribute("long", counter)
                .attribute("int", new AtomicInteger(8));
        counter.set(9);
        assertThat(builder.at(Instant.EPOCH).attributes())
                .containsEntry("long", 7L)
                .containsEntry("int", 8L);
    }

    @Test
    void aNumberOfManyDigitsIsKeptAsAShortText() {
        assertThat(kept(BigInteger.ONE.shiftLeft(50_000_000))).isEqualTo("a whole number of 50000001 bits");
        assertThat(kept(new BigDecimal(BigInteger.ONE.shiftLeft(50_000_000), 3)))
                .isEqualTo("a decimal number of 50000001 bits and scale 3");
        assertThat(kept(new BigDecimal("1E+1000000000"))).isEqualTo("a decimal number of 1 bits and scale -1000000000");
    }

    @Test
    void aNumberOfAnotherClassIsAskedOnceOnTheThreadThatGivesIt() {
        List<Thread> asked = new ArrayList<>();
        Object value = kept(number(() -> {
            asked.add(Thread.currentThread());
            return 1.5;
        }));
        assertThat(value).isEqualTo(1.5);
        assertThat(asked).containsExactly(Thread.currentThread());
    }

    @Test
    void aNumberThatThrowsIsNamedAndFailsNothing() {
        Object value = kept(number(() -> {
            throw new StackOverflowError();
        }));
        assertThat(value)
                .asString()
                .endsWith(" threw java.lang.StackOverflowError")
                .startsWith("io.github.robotstream");
    }

    @Test
    void anotherTextIsCopied() {
        StringBuilder text = new StringBuilder("before");
        LogEntry.Builder builder = LogEntry.of(Level.INFO, "event", "message").attribute("text", text);
        text.setLength(0);
        assertThat(builder.at(Instant.EPOCH).attributes()).containsEntry("text", "before");
    }

    @Test
    void aValueOfAnotherTypeIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kept(List.of(1)))
                .withMessageContaining("attribute value is a java.util.")
                .withMessageContaining("it has to be a String, a Number or a Boolean");
    }

    private static Number number(Supplier<Double> value) {
        return new Number() {
            private static final long serialVersionUID = 1L;

            @Override
            public int intValue() {
                throw new UnsupportedOperationException();
            }

            @Override
            public long longValue() {
                throw new UnsupportedOperationException();
            }

            @Override
            public float floatValue() {
                throw new UnsupportedOperationException();
            }

            @Override
            public double doubleValue() {
                return value.get();
            }

            @Override
            public String toString() {
                throw new UnsupportedOperationException();
            }
        };
    }
}
