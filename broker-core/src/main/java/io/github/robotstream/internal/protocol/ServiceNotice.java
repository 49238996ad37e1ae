package io.github.robotstream.internal.protocol;

import java.util.Optional;

/**
 * What clients are told of a service.
 *
 * @param number stands for it in one run of the broker
 * @param request the JSON Schema of what it is given, if it can be told
 * @param reply the JSON Schema of what it answers, if it can be told
 */
public record ServiceNotice(int number, String name, Optional<String> request, Optional<String> reply) {}
