package io.github.robotstream.internal.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.robotstream.internal.json.Texts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameEncoderTest {
    @Test
    void anAckEchoesTheIdAsItWasSpelled() throws RequestRejectedException {
        Request.Unsubscribe request = (Request.Unsubscribe)
                decode("{\"action\":\"unsubscribe\",\"id\":\"\\u0063\\/7\",\"topic\":\"a \\\"b\\\" \\\\ é\"}");
        assertThat(FrameEncoder.unsubscribeAck(request.id().orElseThrow(), request))
                .asString(UTF_8)
                .isEqualTo("{\"action\":\"ack\",\"id\":\"\\u0063\\/7\",\"topic\":\"a \\\"b\\\" \\\\ é\"}");
    }

    @Test
    void theAckOfAnAuthTellsHowLongTheSessionHasNow() throws RequestRejectedException {
        RequestId id =
                decode("{\"action\":\"auth\",\"id\":7,\"token\":\"t\"}").id().orElseThrow();
        assertThat(FrameEncoder.authAck(id, Optional.of(Duration.ofMinutes(1)), 2))
                .asString(UTF_8)
                .isEqualTo("{\"action\":\"ack\",\"id\":7,\"expires_in_ms\":60000,\"ended\":2}");
        assertThat(FrameEncoder.authAck(id, Optional.empty(), 0))
                .asString(UTF_8)
                .isEqualTo("{\"action\":\"ack\",\"id\":7,\"ended\":0}");
    }

    @Test
    void theAckOfASubscribeTellsTheOptionsInEffect() throws RequestRejectedException {
        Request.Subscribe request =
                (Request.Subscribe) decode("{\"action\":\"subscribe\",\"id\":-2,\"topic\":\"pose\"}");
        RequestId id = request.id().orElseThrow();
        assertThat(FrameEncoder.subscribeAck(id, request, true, List.of(), SubscribeOptions.NONE))
                .asString(UTF_8)
                .isEqualTo("{\"action\":\"ack\",\"id\":-2,\"topic\":\"pose\",\"known\":true,\"options\":{}}");
        Request.Subscribe named =
                (Request.Subscribe) decode("{\"action\":\"subscribe\",\"topic\":\"server_logs\",\"sub\":\"console\","
                        + "\"options\":{\"retained\":false,\"min_level\":\"WARN\"}}");
        assertThat(FrameEncoder.subscribeAck(id, named, false, List.of(), named.options()))
                .asString(UTF_8)
                .isEqualTo(
                        "{\"action\":\"ack\",\"id\":-2,\"topic\":\"server_logs\",\"sub\":\"console\",\"known\":false,"
                                + "\"options\":{\"retained\":false,\"min_level\":\"WARN\"}}");
    }

    @Test
    void theAckOfAPublishTellsItsNumber() throws RequestRejectedException {
        RequestId id = decode("{\"action\":\"subscribe\",\"id\":\"c7\",\"topic\":\"cmd_vel\"}")
                .id()
                .orElseThrow();
        assertThat(FrameEncoder.publishAck(id, "cmd_vel", 9_007_199_254_740_991L, 1))
                .asString(UTF_8)
                .isEqualTo("{\"action\":\"ack\",\"id\":\"c7\",\"topic\":\"cmd_vel\",\"seq\":9007199254740991,"
                        + "\"subscribers\":1}");
    }

    @Test
    void anErrorTellsAllThatItKnows() throws RequestRejectedException {
        Request request = decode("{\"action\":\"publish\",\"id\":\"c7\",\"topic\":\"cmd_vel\","
                + "\"data\":{\"name\":\"n\",\"type\":\"t\",\"data\":0}}");
        RequestError error = RequestError.answering(request, ErrorCode.RATE_LIMITED, "200 publishes/s")
                .withRetryAfter(Duration.ofNanos(499_000_001));
        assertThat(FrameEncoder.error(error))
                .asString(UTF_8)
                .isEqualTo("{\"action\":\"error\",\"id\":\"c7\",\"request\":\"publish\",\"topic\":\"cmd_vel\","
                        + "\"code\":\"rate_limited\",\"status\":429,\"message\":\"200 publishes/s\",\"retry\":true,"
                        + "\"retry_after_ms\":500}");
    }

    @Test
    void anErrorLeavesOutWhatItDoesNotKnow() {
        assertThat(FrameEncoder.error(RequestError.unasked(ErrorCode.OVERLOADED, "the robot is \"busy\"\n")))
                .asString(UTF_8)
                .isEqualTo("{\"action\":\"error\",\"code\":\"overloaded\",\"status\":503,"
                        + "\"message\":\"the robot is \\\"busy\\\"\\n\",\"retry\":true}");
        RequestError error = catchThrowableOfType(RequestRejectedException.class, () -> decode("{\"a\":NaN}"))
                .error();
        assertThat(FrameEncoder.error(error))
                .asString(UTF_8)
                .isEqualTo("{\"action\":\"error\",\"code\":\"bad_json\",\"status\":400,\"message\":\"at byte 5: NaN is"
                        + " not JSON; Python's json.dumps writes it by default; use allow_nan=False or null\","
                        + "\"retry\":false}");
    }

    private static Request decode(String frame) throws RequestRejectedException {
        byte[] bytes = Texts.utf8(frame);
        return new RequestDecoder().decode(bytes, 0, bytes.length);
    }
}
