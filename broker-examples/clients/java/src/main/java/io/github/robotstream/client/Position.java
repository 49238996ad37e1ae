package io.github.robotstream.client;

/**
 * A place in a topic: what came after it can be asked for ({@code docs/protocol.md}, History).
 *
 * <pre>{@code
 * Position read = robot.latest(BATTERY).orElseThrow().position();
 * SubscribeOptions after = SubscribeOptions.none().since(Map.of(BATTERY.name(), read));
 * }</pre>
 *
 * @param epoch of the topic's numbers
 * @param seq the number of the last message that one has; 0 is before all of the epoch
 */
public record Position(String epoch, long seq) {}
