/** JSON to requests and back: the protocol's text side. Knows no socket, no session and no thread. */
@NullMarked
package io.github.robotstream.internal.protocol;

import org.jspecify.annotations.NullMarked;
