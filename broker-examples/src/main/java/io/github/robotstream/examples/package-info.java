/** The commands of the runnable jar. */
@NullMarked
package io.github.robotstream.examples;

import org.jspecify.annotations.NullMarked;
