/** The transport on Java-WebSocket, and the only room that knows it. */
@NullMarked
package io.github.robotstream.internal.transport.jws;

import org.jspecify.annotations.NullMarked;
