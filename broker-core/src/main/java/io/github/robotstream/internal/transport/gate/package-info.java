/** From the head of a request to its answer in HTTP, or to a handshake that is as it should be. Knows no socket. */
@NullMarked
package io.github.robotstream.internal.transport.gate;

import org.jspecify.annotations.NullMarked;
