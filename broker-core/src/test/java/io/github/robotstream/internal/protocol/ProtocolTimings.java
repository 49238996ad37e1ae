package io.github.robotstream.internal.protocol;

import io.github.robotstream.FrameStyle;
import java.util.concurrent.Callable;

/** Prints how long the text side takes for one documented publish of about 230 bytes. Not a test: run its main. */
final class ProtocolTimings {
    /** Short rounds, of which the best counts: other load on the machine does not show. */
    private static final int ROUNDS = 500;

    private static final int CALLS_PER_ROUND = 5_000;
    private static final String VALUE =
            "{\"position\":[0.1234,1.5707,-0.7853,2.3561,0.0,3.1415],\"velocity\":[0.01,0.02,0.03,0.0,0.0,0.1],"
                    + "\"stamp\":1764000000123}";
    private static final byte[] FRAME =
            Texts.utf8("{\"action\":\"publish\",\"topic\":\"arm/left/joints\",\"data\":{\"name\":\"arm/left/joints\","
                    + "\"type\":\"JointState\",\"data\":" + VALUE + "}}");

    /** Results go where the compiler cannot tell that nobody reads them. */
    @SuppressWarnings("unused")
    private static volatile Object sink = FRAME;

    private ProtocolTimings() {}

    public static void main(String[] args) throws Exception {
        JsonScan scan = new JsonScan();
        RequestDecoder decoder = new RequestDecoder();
        TopicHead head = new TopicHead("arm/left/joints");
        PayloadHead payloadHead = new PayloadHead("arm/left/joints", "JointState");
        RawPayload payload = ((Publish) decoder.decode(FRAME, 0, FRAME.length)).payload();
        System.out.println("frame: " + FRAME.length + " bytes");
        time("scan", () -> {
            scan.read(FRAME, 0, FRAME.length);
            return scan.firstMember(JsonScan.ROOT);
        });
        time("decode", () -> decoder.decode(FRAME, 0, FRAME.length));
        time("envelope", () -> Envelope.of(head, payload));
        time("flat", () -> Envelope.of(head, payload).frame(FrameStyle.FLAT));
        time("value of robot code", () -> Envelope.ofValue(head, payloadHead, VALUE));
        time("payload of robot code", () -> RawPayload.of("arm/left/joints", "JointState", VALUE));
    }

    private static void time(String what, Callable<Object> call) throws Exception {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS_PER_ROUND; i++) {
                sink = call.call();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        System.out.printf("%s: %d ns%n", what, best / CALLS_PER_ROUND);
    }
}
