/** The broker thread: what it does next and when, for whoever brings it work. It knows nothing of topics. */
@NullMarked
package io.github.robotstream.internal.loop;

import org.jspecify.annotations.NullMarked;
