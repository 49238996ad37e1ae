package io.github.robotstream.client;

import java.util.List;
import java.util.Optional;

/**
 * A topic that the client may subscribe to ({@code docs/protocol.md}, topics).
 *
 * @param type the word for its values
 * @param command whether it is a command topic
 * @param rights {@code subscribe}, and {@code publish} if the client may
 * @param rate messages a second, lately
 * @param schema the JSON Schema of its values
 */
public record TopicInfo(
        String name,
        Optional<String> type,
        boolean command,
        List<String> rights,
        double rate,
        Optional<String> schema) {}
