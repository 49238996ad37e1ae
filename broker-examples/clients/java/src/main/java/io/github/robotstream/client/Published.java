package io.github.robotstream.client;

/**
 * The broker's acknowledgement of a publish. It does not say that anybody has received the message.
 *
 * @param seq the message's number in its topic
 * @param subscribers how many subscriptions it was queued for
 */
public record Published(long seq, int subscribers) {}
