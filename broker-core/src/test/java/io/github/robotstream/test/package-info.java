/**
 * For tests of robot code: a broker that stands still until the test says so, and clients without sockets. Nothing here waits or
 * sleeps, so what a test says comes to the same each time. It needs no test framework.
 *
 * <pre>{@code
 * try (TestBroker test = TestBroker.start(RobotStreamBroker.builder().subscribe(cmdVel, drive::accept))) {
 *     MemoryClient operator = test.connect();
 *     operator.publish(cmdVel, new Twist(0.5, 0));
 *     assertEquals(0.5, drive.linear());
 * }
 * }</pre>
 */
@NullMarked
package io.github.robotstream.test;

import org.jspecify.annotations.NullMarked;
