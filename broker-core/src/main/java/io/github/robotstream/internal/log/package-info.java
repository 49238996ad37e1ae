/** The broker's log: folded, told on {@code server_logs} and to the log sink, never feeding on itself. */
@NullMarked
package io.github.robotstream.internal.log;

import org.jspecify.annotations.NullMarked;
