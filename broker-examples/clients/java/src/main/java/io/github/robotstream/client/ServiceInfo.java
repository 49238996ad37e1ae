package io.github.robotstream.client;

import java.util.Optional;

/**
 * A service that the client may call ({@code docs/protocol.md}, services).
 *
 * @param request the JSON Schema of what it is asked
 * @param reply the JSON Schema of what it answers
 */
public record ServiceInfo(String name, Optional<String> request, Optional<String> reply) {}
