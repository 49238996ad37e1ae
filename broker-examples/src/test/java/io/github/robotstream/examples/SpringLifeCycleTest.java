package io.github.robotstream.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.Topic;
import io.github.robotstream.examples.testing.Program;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A container starts the broker with the application and ends it with the application. */
@Timeout(120)
class SpringLifeCycleTest {
    private static final Topic<Double> BATTERY = Topic.state("battery_voltage", "float", Double.class);
    private static final Permissions READ = Permissions.none().subscribe("#");

    /** The broker is a bean: whoever needs it is given it, and the container calls {@code close} because it is {@link AutoCloseable}. */
    @Configuration(proxyBeanMethods = false)
    static class BrokerAsBean {
        @Bean
        RobotStreamBroker broker() throws IOException {
            return RobotStreamBroker.builder().port(0).anonymousAccess(READ).start();
        }
    }

    /** A robot that has a broker begins to serve when the container says so. */
    static final class Robot {
        private @Nullable RobotStreamBroker broker;

        void start() throws IOException {
            broker = RobotStreamBroker.builder().port(0).anonymousAccess(READ).start();
            broker.publish(BATTERY, 25.1);
        }

        void close() {
            broker().close();
        }

        RobotStreamBroker broker() {
            return Objects.requireNonNull(broker, "start was not called");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class RobotWithBroker {
        @Bean(initMethod = "start", destroyMethod = "close")
        Robot robot() {
            return new Robot();
        }
    }

    /** Something else of the application's cannot start. */
    @Configuration(proxyBeanMethods = false)
    static class Broken {
        @Bean
        Object motors(RobotStreamBroker broker) {
            started = broker;
            throw new IllegalStateException("no motors");
        }
    }

    private static volatile @Nullable RobotStreamBroker started;

    private static void servesUntilItsContainerEnds(
            AnnotationConfigApplicationContext application, RobotStreamBroker broker) throws Exception {
        URI url = URI.create("ws://127.0.0.1:" + broker.address().getPort() + "/wss");
        try (WireClient client = WireClient.connect(url, Optional.empty())) {
            client.send(Frames.subscribe(1, BATTERY.name()));
            assertThat(client.next(Program.PATIENCE))
                    .hasValueSatisfying(ack -> assertThat(ack).contains("\"ack\""));
            broker.publish(BATTERY, 25.2);
            assertThat(client.next(Program.PATIENCE)).isPresent();

            application.close();
            assertThat(broker.isClosed()).isTrue();
            assertThatThrownBy(() -> {
                        while (true) {
                            client.next(Program.PATIENCE);
                        }
                    })
                    .isInstanceOfSatisfying(
                            ConnectionClosedException.class,
                            closed -> assertThat(closed.code()).isEqualTo(1001));
        }
    }

    @Test
    void aBrokerThatIsABeanServesUntilItsContainerEnds() throws Exception {
        try (var application = new AnnotationConfigApplicationContext(BrokerAsBean.class)) {
            servesUntilItsContainerEnds(application, application.getBean(RobotStreamBroker.class));
        }
    }

    @Test
    void aRobotThatIsStartedAndClosedByItsContainerServesInBetween() throws Exception {
        try (var application = new AnnotationConfigApplicationContext(RobotWithBroker.class)) {
            servesUntilItsContainerEnds(
                    application, application.getBean(Robot.class).broker());
        }
    }

    @Test
    void anApplicationThatCannotStartLeavesNoBrokerBehind() {
        assertThatThrownBy(() -> new AnnotationConfigApplicationContext(BrokerAsBean.class, Broken.class).close())
                .isInstanceOf(BeanCreationException.class);
        assertThat(started)
                .isNotNull()
                .satisfies(broker -> assertThat(broker.isClosed()).isTrue());
    }
}
