/** Keys and certificates: read from files, watched, and exchanged while the broker runs. */
@NullMarked
package io.github.robotstream.internal.tls;

import org.jspecify.annotations.NullMarked;
