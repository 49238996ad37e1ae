package io.github.robotstream.examples.robot;

import static io.github.robotstream.examples.robot.RobotTopics.CMD_VEL;
import static io.github.robotstream.examples.robot.RobotTopics.COMMAND_LIFETIME;
import static io.github.robotstream.examples.robot.RobotTopics.POSE;
import static io.github.robotstream.examples.robot.RobotTopics.STOP;
import static io.github.robotstream.examples.robot.RobotTopics.VELOCITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.Input;
import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.test.MemoryClient;
import io.github.robotstream.test.TestBroker;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The control loop, turn by turn and without a wait. */
class SimulatedRobotTest {
    private final TestBroker test = TestBroker.start(declared());
    private final Input<Twist> commands = test.broker().input(CMD_VEL);
    private final SimulatedRobot robot = new SimulatedRobot(test.broker(), new HeadCamera());

    private static BrokerBuilder declared() {
        BrokerBuilder builder = RobotStreamBroker.builder();
        RobotTopics.declare(builder);
        return builder;
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void runFor(Duration time) {
        for (long turns = time.dividedBy(SimulatedRobot.PERIOD); turns > 0; turns--) {
            robot.step(commands);
            test.advance(SimulatedRobot.PERIOD);
        }
    }

    private Twist velocity() {
        return test.broker().latest(VELOCITY).orElseThrow();
    }

    @Test
    void drivesAsItIsTold() {
        MemoryClient operator = test.connect().subscribe(POSE);
        operator.publish(CMD_VEL, new Twist(0.5, 0));
        runFor(COMMAND_LIFETIME);
        assertThat(velocity().linear()).isGreaterThan(0.4);
        assertThat(operator.values(POSE))
                .hasSize(25)
                .last()
                .satisfies(pose -> assertThat(pose.x()).isGreaterThan(0.1));
    }

    @Test
    void comesToRestWhenNobodyCommandsAnyMore() {
        test.connect().publish(CMD_VEL, new Twist(0.5, 0));
        runFor(COMMAND_LIFETIME.plusSeconds(1));
        assertThat(velocity()).isEqualTo(Twist.STOP);
    }

    @Test
    void stopsAtOnceWhenItsOperatorIsGone() {
        MemoryClient operator = test.connect().publish(CMD_VEL, new Twist(0.5, 0));
        runFor(Duration.ofMillis(100));
        assertThat(velocity().linear()).isPositive();
        operator.loseConnection();
        assertThat(commands.latestOr(new Twist(9, 9), COMMAND_LIFETIME)).isEqualTo(Twist.STOP);
    }

    @Test
    void standsStillAfterAStopUntilTheStopIsReleased() {
        MemoryClient driver = test.connect();
        MemoryClient guard = test.connect().publish(STOP, true);
        driver.publish(CMD_VEL, new Twist(0.5, 0));
        runFor(Duration.ofMillis(100));
        assertThat(velocity()).isEqualTo(Twist.STOP);

        guard.publish(STOP, false);
        runFor(Duration.ofMillis(100));
        assertThat(velocity().linear()).isPositive();
    }

    @Test
    void isNotDrivenByAClientWithoutTheRight() {
        String token = test.tokens().of("visitor", Permissions.none().subscribe("#"));
        MemoryClient visitor = test.connect(token).publish(CMD_VEL, new Twist(0.5, 0));
        runFor(Duration.ofMillis(100));
        assertThat(velocity()).isEqualTo(Twist.STOP);
        assertThat(visitor.frames()).anySatisfy(frame -> assertThat(frame).contains("\"forbidden\""));
    }
}
