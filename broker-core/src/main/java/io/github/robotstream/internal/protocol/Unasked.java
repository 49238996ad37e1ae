package io.github.robotstream.internal.protocol;

import io.github.robotstream.Permissions;
import io.github.robotstream.internal.transport.OutboundMessage;
import java.time.Instant;
import java.util.List;

/** What a dialect's clients are told though they have not asked. The project's own protocol has none of it. Broker thread. */
public interface Unasked {
    /**
     * {@return the first message of a session: what the client talks to}
     *
     * @param robot what the broker is called
     * @param epoch of this run: another with every start
     * @param rights what the client may do
     */
    OutboundMessage greeting(String robot, String epoch, Permissions rights);

    /** {@return what tells of topics that the client may read and was not told of} */
    OutboundMessage come(List<TopicNotice> topics);

    /** {@return what tells that topics are gone that the client was told of} */
    OutboundMessage gone(List<TopicNotice> topics);

    /** {@return what tells of services that the client may call and was not told of} */
    OutboundMessage services(List<ServiceNotice> services);

    /**
     * {@return what tells that messages were lost}
     *
     * @param total how many the session has lost up to now
     */
    List<OutboundMessage> lost(long total);

    /** {@return what tells the time: clients take messages to be of the time that they were told last} */
    OutboundMessage time(Instant now);
}
