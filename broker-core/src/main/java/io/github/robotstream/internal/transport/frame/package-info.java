/** Frames (RFC 6455 section 5): bytes to messages and back. Knows no socket. */
@NullMarked
package io.github.robotstream.internal.transport.frame;

import org.jspecify.annotations.NullMarked;
