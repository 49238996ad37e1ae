/** On the broker thread: who subscribes to what, the queues, and the last values. */
@NullMarked
package io.github.robotstream.internal.routing;

import org.jspecify.annotations.NullMarked;
