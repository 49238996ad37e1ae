/** What integrators implement: how tokens are verified, where messages are kept, where log entries go. */
@NullMarked
package io.github.robotstream.spi;

import org.jspecify.annotations.NullMarked;
