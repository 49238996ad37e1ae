/** Who gets in, and who stays with a newer token: verdicts, origins, denials. */
@NullMarked
package io.github.robotstream.internal.access;

import org.jspecify.annotations.NullMarked;
