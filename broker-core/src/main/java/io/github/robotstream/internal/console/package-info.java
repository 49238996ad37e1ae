/** The page for people that a broker may serve. */
@NullMarked
package io.github.robotstream.internal.console;

import org.jspecify.annotations.NullMarked;
