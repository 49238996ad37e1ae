package io.github.robotstream.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

@Name("robotstream.ListenerCall")
@Label("Listener Call")
@Category("RobotStreamBroker")
@Description("A call of a listener of robot code that took long")
@Threshold("20 ms")
final class ListenerCallEvent extends TimedEvent {
    @Label("Topic")
    String topic = "";
}
