/** TLS between a socket and its connection; keys and certificates, read from files, watched, and exchanged while the broker runs. */
@NullMarked
package io.github.robotstream.internal.transport.tls;

import org.jspecify.annotations.NullMarked;
