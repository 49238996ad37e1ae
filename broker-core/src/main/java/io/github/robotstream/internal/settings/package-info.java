/** What is set, once, and read wherever it matters. */
@NullMarked
package io.github.robotstream.internal.settings;

import org.jspecify.annotations.NullMarked;
