/**
 * From sockets to text messages and back, as those above see it. It knows nothing of topics, tokens or JSON; the session room
 * stands behind {@link io.github.robotstream.internal.transport.HandshakeListener}.
 */
@NullMarked
package io.github.robotstream.internal.transport;

import org.jspecify.annotations.NullMarked;
