/** Who is connected, and until when: sessions and what their requests do. */
@NullMarked
package io.github.robotstream.internal.session;

import org.jspecify.annotations.NullMarked;
