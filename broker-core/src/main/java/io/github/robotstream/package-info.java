/**
 * What a robot's programmer calls: the broker, its builder, topics, and what they hand out.
 *
 * <pre>{@code
 * Topic<Double> battery = Topic.state("battery_voltage", "float", Double.class);
 * RobotStreamBroker broker = RobotStreamBroker.builder().tokenVerifier(JwtTokenVerifier.hmac(secret).build()).start();
 * Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
 * broker.publish(battery, 25.1);
 * broker.awaitClose();
 * }</pre>
 */
@NullMarked
package io.github.robotstream;

import org.jspecify.annotations.NullMarked;
