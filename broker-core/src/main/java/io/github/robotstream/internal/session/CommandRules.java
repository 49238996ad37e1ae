package io.github.robotstream.internal.session;

import static io.github.robotstream.internal.protocol.RequestRejectedException.refused;

import io.github.robotstream.internal.protocol.ErrorCode;
import io.github.robotstream.internal.protocol.Request.Publish;
import io.github.robotstream.internal.protocol.RequestRejectedException;
import io.github.robotstream.internal.routing.TopicState;
import io.github.robotstream.internal.settings.TopicOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What robot code asks of clients that publish on a topic, beside its type and its lease. Broker thread. */
final class CommandRules {
    private CommandRules() {}

    /** Throws if no client may publish on a topic. */
    static void checkOwner(Publish request, TopicState topic) throws RequestRejectedException {
        if (topic.isRobotOnly()) {
            throw refused(
                    request,
                    ErrorCode.FORBIDDEN,
                    topic.name() + " belongs to the robot: no client publishes there, whatever its token allows");
        }
    }

    /**
     * Throws if a command has come too late by its own time, or by a time that it cannot have been made at.
     *
     * @param arrivedMicros when it had come, in microseconds since the broker started
     */
    static void checkAge(Publish request, TopicState topic, long arrivedMicros) throws RequestRejectedException {
        TopicState.Declaration declared = topic.declaration();
        if (declared != null && declared.options().maxCommandAge != null) {
            checkAge(request, declared.options(), declared.options().maxCommandAge, arrivedMicros);
        }
    }

    private static void checkAge(Publish request, TopicOptions options, Duration most, long arrivedMicros)
            throws RequestRejectedException {
        String topic = request.topic();
        if (request.monoMicros().isEmpty()) {
            if (options.commandTimeRequired) {
                throw refused(
                        request,
                        ErrorCode.BAD_REQUEST,
                        topic + " takes no command without \"mono\", the time when it was made: add it, by the"
                                + " clock that hello tells");
            }
            return;
        }
        long age = arrivedMicros - request.monoMicros().get();
        if (Math.abs(age) > TimeUnit.NANOSECONDS.toMicros(most.toNanos())) {
            throw refused(
                    request,
                    ErrorCode.STALE,
                    age > 0
                            ? "it was made " + age / 1000 + " ms before it arrived, and " + topic + " takes "
                                    + most.toMillis() + " ms: send what is meant now"
                            : "its \"mono\" is " + -age / 1000
                                    + " ms ahead of the broker's clock: ask for that by hello or ping again");
        }
    }

    /** What a command is told that has waited for too long in the broker. */
    static RequestRejectedException tooLate(Publish request) {
        return refused(
                request,
                ErrorCode.STALE,
                "it has waited for longer than commands of " + request.topic()
                        + " may take, or came before the last safe value: send what is meant now");
    }
}
