package io.github.robotstream.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("robotstream.SessionOpened")
@Label("Session Opened")
@Category("RobotStreamBroker")
@Description("A client got in")
@StackTrace(false)
final class SessionOpenedEvent extends Event {
    @Label("Session")
    String session = "";

    @Label("Subject")
    String subject = "";

    @Label("Address")
    String address = "";
}
