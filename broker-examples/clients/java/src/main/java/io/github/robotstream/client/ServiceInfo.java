package io.github.robotstream.client;

import java.util.Optional;

/**
 * A service that the client may call ({@code docs/protocol.md}, services).
 *
 * <pre>{@code
 * for (ServiceInfo service : robot.services().get()) {
 *     log.info("{} is asked {}", service.name(), service.request().orElse("anything"));
 * }
 * }</pre>
 *
 * @param request the JSON Schema of what it is asked
 * @param reply the JSON Schema of what it answers
 */
public record ServiceInfo(String name, Optional<String> request, Optional<String> reply) {}
