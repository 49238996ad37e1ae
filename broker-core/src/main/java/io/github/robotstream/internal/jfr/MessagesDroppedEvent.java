package io.github.robotstream.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("robotstream.MessagesDropped")
@Label("Messages Dropped")
@Category("RobotStreamBroker")
@Description("A subscription has lost messages: its first loss, then those of a second together")
@StackTrace(false)
final class MessagesDroppedEvent extends Event {
    @Label("Session")
    @Description("Empty for a listener of robot code, and for what found the publish queue full")
    String session = "";

    @Label("Subject")
    String subject = "";

    @Label("Topic")
    @Description("Name or filter of the subscription")
    String topic = "";

    @Label("Cause")
    @Description("The same words as in server_logs")
    String cause = "";

    @Label("Dropped")
    long dropped;
}
