/**
 * What integrators implement: how tokens are verified, where messages are kept, where log entries go.
 *
 * <pre>{@code
 * RobotStreamBroker.builder()
 *         .tokenVerifier(request -> ClientPrincipal.of("anybody in this room", Permissions.none().subscribe("#")))
 *         .store(TopicStore.inMemory())
 *         .logSink(entry -> display.show(entry.message()));
 * }</pre>
 */
@NullMarked
package io.github.robotstream.spi;

import org.jspecify.annotations.NullMarked;
