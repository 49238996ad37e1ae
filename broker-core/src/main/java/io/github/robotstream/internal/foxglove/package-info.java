/** Foxglove's WebSocket subprotocol, version 1, which the viewers Foxglove and Lichtblick speak: its text and its binary messages. */
@NullMarked
package io.github.robotstream.internal.foxglove;

import org.jspecify.annotations.NullMarked;
