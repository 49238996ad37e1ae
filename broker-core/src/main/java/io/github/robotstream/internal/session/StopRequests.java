package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.FrameEncoder;
import io.github.robotstream.internal.protocol.Request.Stop;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.Router;
import io.github.robotstream.internal.routing.StopTopic;
import java.util.ArrayList;
import java.util.List;

/** Stops the robot for a session's client, on every stop topic that its token permits. Broker thread. */
final class StopRequests {
    private final RequestContext parts;

    StopRequests(RequestContext parts) {
        this.parts = parts;
    }

    /** @param arrivedNanos when the request's frame was complete on this side of the socket, by the monotonic clock */
    void stop(Stop request, long arrivedNanos) throws RequestRejectedException {
        List<StopTopic> permitted = permitted(request);
        List<String> stopped = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        for (StopTopic topic : permitted) {
            int reached =
                    parts.router().route(topic.message(parts.authorization().publisher(), arrivedNanos));
            (reached == Router.TOO_LATE ? missed : stopped).add(topic.name());
        }
        if (!missed.isEmpty()) {
            throw refused(
                    request,
                    ErrorCode.STALE,
                    "the stop came too late for " + String.join(", ", missed) + ": send it again");
        }
        request.id().ifPresent(id -> parts.outbound().reply(FrameEncoder.stopAck(id, stopped)));
    }

    private List<StopTopic> permitted(Stop request) throws RequestRejectedException {
        List<StopTopic> declared = parts.router().stops().all();
        List<StopTopic> permitted = declared.stream()
                .filter(topic -> parts.permissions().mayPublish(topic.name()))
                .toList();
        if (permitted.isEmpty()) {
            throw refused(
                    request,
                    ErrorCode.FORBIDDEN,
                    declared.isEmpty()
                            ? "this robot has no stop topic: robot code declares one by TopicSettings.stop(value)"
                            : "the token does not permit to publish on any stop topic of this robot");
        }
        return permitted;
    }
}
