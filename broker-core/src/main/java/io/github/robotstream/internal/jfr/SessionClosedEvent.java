package io.github.robotstream.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("robotstream.SessionClosed")
@Label("Session Closed")
@Category("RobotStreamBroker")
@Description("A session has ended")
@StackTrace(false)
final class SessionClosedEvent extends Event {
    @Label("Session")
    String session = "";

    @Label("Subject")
    String subject = "";

    @Label("Address")
    String address = "";

    @Label("Close Code")
    @Description("RFC 6455, section 7.4; 1006 if the connection was lost")
    int code;

    @Label("Reason")
    @Description("Why the broker ended it; empty if it did not")
    String reason = "";
}
