package io.github.robotstream.client;

/**
 * The broker's acknowledgement of a publish. It does not say that anybody has received the message.
 *
 * <pre>{@code
 * Published told = robot.publish(CMD_VEL, new Twist(0.5, 0)).get();
 * if (told.subscribers() == 0) {
 *     log.warn("nobody listens to cmd_vel");
 * }
 * }</pre>
 *
 * @param seq the message's number in its topic
 * @param subscribers how many subscriptions it was queued for
 */
public record Published(long seq, int subscribers) {}
