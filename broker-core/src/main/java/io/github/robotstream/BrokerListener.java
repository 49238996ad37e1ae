package io.github.robotstream;

/**
 * Hears what happens to a broker: who comes and goes, what somebody wants, what fails. Every method does nothing unless overridden.
 *
 * <p>Called on a thread of its own ({@code robotstream-events}), one call at a time and in the order in which things happened, so a call may
 * block, publish, and close the broker. Up to 1,024 calls wait behind one that blocks; what comes then is lost and logged as
 * {@code events_dropped}, but for {@link #topicActive} and {@link #topicIdle}, which come later. What a method throws is logged as
 * {@code broker_listener_failed}.
 *
 * <pre>{@code
 * RobotStreamBroker.builder().listener(new BrokerListener() {
 *     @Override
 *     public void topicActive(String topic) {
 *         if (topic.equals(CAMERA.name())) {
 *             camera.start();
 *         }
 *     }
 * });
 * }</pre>
 */
public interface BrokerListener {
    /** A client got in. */
    default void sessionOpened(SessionSnapshot session) {}

    /**
     * A session has ended.
     *
     * @param session what it was like at its end, when it has no subscriptions any more
     * @param code the close code of its WebSocket (RFC 6455, section 7.4, and docs/protocol.md), 1006 if the connection was lost
     * @param reason why the broker ended it; empty if the client left or was lost, as its own words are not passed on
     */
    default void sessionClosed(SessionSnapshot session, int code, String reason) {}

    /**
     * A session has begun to lose messages because its client does not read them fast enough. Called once until it has lost nothing for a second.
     */
    default void sessionSlow(SessionSnapshot session) {}

    /**
     * Somebody is subscribed to a topic that robot code declared, a client or robot code itself, and nobody was before: values that cost much
     * are wanted from now on. Known within a tenth of a second; what lasts for less may not be told.
     *
     * @param topic its name
     */
    default void topicActive(String topic) {}

    /**
     * Nobody is subscribed any more to a topic that was active, or the broker is being closed.
     *
     * @param topic its name
     */
    default void topicIdle(String topic) {}

    /**
     * Code of the application's threw: a listener of robot code, a codec that reads for it or checks what a client published, the token verifier, the topic store or the log sink.
     * Of the same piece of code, at most one failure a second is told.
     *
     * @param what which code, for people, as {@code a listener or codec of cmd_vel}
     * @param cause what it threw. The text of what a verifier threw may quote a token, and is not for a log
     */
    default void userCodeFailed(String what, Throwable cause) {}

    /**
     * The broker has ended by itself, because a thread on which everybody depends has died. {@code server_logs} and the log sink are told before
     * ({@code broker_failed}), everything is closed as by {@link RobotStreamBroker#close()}, and {@link RobotStreamBroker#awaitClose()} has
     * returned. This is the last call, on a thread of its own; it may start another broker, and what it throws is ignored.
     */
    default void brokerFailed(Throwable cause) {}
}
