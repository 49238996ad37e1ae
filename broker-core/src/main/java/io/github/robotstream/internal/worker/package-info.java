/** A thread for code that may block, behind a bounded queue: what the store and the log sink run on. */
@NullMarked
package io.github.robotstream.internal.worker;

import org.jspecify.annotations.NullMarked;
