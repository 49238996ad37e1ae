/**
 * A client of a robot's broker, on the JDK's own WebSocket. {@link io.github.robotstream.client.RobotStreamClient} is where to begin.
 */
@NullMarked
package io.github.robotstream.client;

import org.jspecify.annotations.NullMarked;
