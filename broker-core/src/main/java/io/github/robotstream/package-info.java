/** What a robot's programmer calls: the broker, its builder, topics, and what they hand out. */
@NullMarked
package io.github.robotstream;

import org.jspecify.annotations.NullMarked;
