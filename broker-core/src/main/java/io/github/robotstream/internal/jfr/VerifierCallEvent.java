package io.github.robotstream.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

@Name("robotstream.VerifierCall")
@Label("Verifier Call")
@Category("RobotStreamBroker")
@Description("A call of the token verifier that took long")
@Threshold("20 ms")
final class VerifierCallEvent extends TimedEvent {
    @Label("Address")
    @Description("The client whose token it judges")
    String address = "";
}
