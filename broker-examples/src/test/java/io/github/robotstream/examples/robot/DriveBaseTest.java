package io.github.robotstream.examples.robot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class DriveBaseTest {
    private static final double DT = 0.01;

    private final DriveBase base = new DriveBase();

    @Test
    void followsACommandNoFasterThanItsMotors() {
        drive(new Twist(0.5, 0), 0.1);
        assertThat(base.velocity().linear()).isCloseTo(0.1, within(1e-9));
        drive(new Twist(0.5, 0), 1);
        assertThat(base.velocity()).isEqualTo(new Twist(0.5, 0));
    }

    @Test
    void drivesStraightAhead() {
        drive(new Twist(0.5, 0), 2);
        // Half a second of acceleration covers 0.125 m, the rest is at full speed.
        assertThat(base.pose().x()).isCloseTo(0.875, within(0.01));
        assertThat(base.pose().y()).isZero();
        assertThat(base.pose().heading()).isZero();
    }

    @Test
    void drivesACircleOfTheCommandedRadius() {
        drive(new Twist(0.5, 1), 1);
        double heading = base.pose().heading();
        Pose before = base.pose();
        drive(new Twist(0.5, 1), Math.PI);
        // Half a turn ends a diameter away, on the left.
        assertThat(Math.hypot(base.pose().x() - before.x(), base.pose().y() - before.y()))
                .isCloseTo(1.0, within(0.02));
        assertThat(Math.abs(base.pose().heading() - heading)).isCloseTo(Math.PI, within(0.02));
    }

    @Test
    void keepsItsHeadingWithinOneTurn() {
        for (int i = 0; i < 2_000; i++) {
            base.step(new Twist(0, 2), DT);
            assertThat(base.pose().heading()).isGreaterThan(-Math.PI).isLessThanOrEqualTo(Math.PI);
        }
    }

    @Test
    void isNeverFasterThanItCanBe() {
        drive(new Twist(100, -100), 10);
        assertThat(base.velocity()).isEqualTo(new Twist(1.5, -2));
    }

    @Test
    void comesToRest() {
        drive(new Twist(1, 1), 2);
        drive(Twist.STOP, 2);
        assertThat(base.velocity()).isEqualTo(Twist.STOP);
        Pose rest = base.pose();
        drive(Twist.STOP, 1);
        assertThat(base.pose()).isEqualTo(rest);
    }

    @Test
    void turnsItsOuterWheelFaster() {
        drive(new Twist(0.5, 1), 2);
        JointStates joints = base.joints();
        assertThat(joints.name()).startsWith("left_wheel", "right_wheel");
        assertThat(joints.velocity().get(1)).isGreaterThan(joints.velocity().get(0));
        assertThat(joints.position().get(1)).isGreaterThan(joints.position().get(0));
    }

    @Test
    void knowsNoTwistThatIsNotFinite() {
        assertThatThrownBy(() -> new Twist(Double.NaN, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RobotTopics.CMD_VEL.codec().decode("{\"linear\":null,\"angular\":0}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("linear is null");
    }

    private void drive(Twist command, double seconds) {
        for (int i = 0; i < Math.round(seconds / DT); i++) {
            base.step(command, DT);
        }
    }
}
