/** The store thread: batches of messages to the topic store, reads from it. */
@NullMarked
package io.github.robotstream.internal.store;

import org.jspecify.annotations.NullMarked;
