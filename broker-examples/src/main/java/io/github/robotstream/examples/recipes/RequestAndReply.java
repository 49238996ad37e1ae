package io.github.robotstream.examples.recipes;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.ServiceCall;
import java.io.IOException;

/**
 * What a client asks for and is answered once it is done, where a topic would tell everybody: an arm that moves, tells how far it has come, and
 * stops when nobody waits any more.
 *
 * <pre>
 * {"action":"call","id":1,"service":"arm.move","data":{"degrees":3}}
 * {"action":"progress","id":1,"service":"arm.move","data":{"degrees":1}}
 * {"action":"ack","id":1,"service":"arm.move","data":{"arrived":true,"degrees":3}}
 * </pre>
 */
public final class RequestAndReply {
    /** Where to. */
    public record Move(int degrees) {}

    /** How far the arm has come. */
    public record At(int degrees) {}

    /** What a client is to know of a refusal or an early end belongs in the reply. */
    public record Moved(boolean arrived, int degrees) {}

    private static final int MOST_DEGREES = 90;

    private int degrees; // one call at a time

    private RequestAndReply() {}

    /** Starts a broker whose service is there before the first client. */
    public static RobotStreamBroker start(int port) throws IOException {
        return RobotStreamBroker.builder()
                .port(port)
                .anonymousAccess(Permissions.none().call("arm.move"))
                .handle("arm.move", Move.class, Moved.class, new RequestAndReply()::move)
                .start();
    }

    /** May take its time: it has a thread of its own, and the control loop does not wait for it. */
    private Moved move(Move request, ServiceCall call) throws InterruptedException {
        int target = Math.min(Math.max(request.degrees(), 0), MOST_DEGREES);
        while (degrees != target && !call.isCancelled()) {
            degrees += Integer.signum(target - degrees);
            call.progress(new At(degrees));
            Thread.sleep(20);
        }
        return new Moved(degrees == request.degrees(), degrees);
    }

    public static void main(String[] args) throws Exception {
        RobotStreamBroker broker = start(Integer.getInteger("port", 8765));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        broker.awaitClose();
    }
}
