/** A connection's life on a socket that an event loop reads and writes: handshake, what is still to be sent, liveness, closing. */
@NullMarked
package io.github.robotstream.internal.transport.connection;

import org.jspecify.annotations.NullMarked;
