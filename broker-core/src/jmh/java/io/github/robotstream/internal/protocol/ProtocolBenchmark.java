package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.json.JsonScan;
import io.github.robotstream.internal.json.JsonException;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the text side takes for one documented publish of about 230 bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProtocolBenchmark {
    private static final String VALUE =
            "{\"position\":[0.1234,1.5707,-0.7853,2.3561,0.0,3.1415],\"velocity\":[0.01,0.02,0.03,0.0,0.0,0.1],"
                    + "\"stamp\":1764000000123}";
    private static final byte[] FRAME = ("{\"action\":\"publish\",\"topic\":\"arm/left/joints\",\"data\":{\"name\":"
                    + "\"arm/left/joints\",\"type\":\"JointState\",\"data\":" + VALUE + "}}")
            .getBytes(UTF_8);

    private final RequestDecoder decoder = new RequestDecoder();
    private final JsonScan scan = new JsonScan();
    private final TopicHead head = new TopicHead("arm/left/joints");
    private final PayloadHead payloadHead = new PayloadHead("arm/left/joints", "JointState");

    /** A request of a client, from its bytes. */
    @Benchmark
    public Request decode() throws RequestRejectedException {
        return decoder.decode(FRAME, 0, FRAME.length);
    }

    /** A frame, from a value that robot code has encoded itself, which is checked. */
    @Benchmark
    public Envelope encode() throws JsonException {
        return Envelope.ofValue(head, payloadHead, VALUE, scan);
    }

    /** The same in the flat style, which is made of the other. */
    @Benchmark
    public OutboundMessage encodeFlat() throws JsonException {
        return Envelope.ofValue(head, payloadHead, VALUE, scan).flat();
    }
}
