/**
 * A client of a robot's broker, on the JDK's own WebSocket. {@link io.github.robotstream.client.RobotStreamClient} is where to begin.
 *
 * <pre>{@code
 * try (RobotStreamClient robot = RobotStreamClient.at(URI.create("ws://robot-17.local:8765")).token(token()).connect()) {
 *     robot.publish(CMD_VEL, new Twist(0.5, 0)).get();
 *     System.out.println(robot.latest(BATTERY).orElseThrow().value());
 * }
 * }</pre>
 */
@NullMarked
package io.github.robotstream.client;

import org.jspecify.annotations.NullMarked;
