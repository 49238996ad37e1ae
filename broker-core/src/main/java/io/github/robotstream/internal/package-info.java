/** How the rooms are wired; none of it is API. */
@NullMarked
package io.github.robotstream.internal;

import org.jspecify.annotations.NullMarked;
