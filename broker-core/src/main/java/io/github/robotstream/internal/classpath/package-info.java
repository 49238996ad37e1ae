/** Whether the application's libraries are new enough. */
@NullMarked
package io.github.robotstream.internal.classpath;

import org.jspecify.annotations.NullMarked;
