/** The broker's log: bounded, deduplicated and limited by subject on its way to {@code server_logs} and to the log sink. */
@NullMarked
package io.github.robotstream.internal.log;

import org.jspecify.annotations.NullMarked;
