/** Time, as every room sees it. */
@NullMarked
package io.github.robotstream.internal.time;

import org.jspecify.annotations.NullMarked;
