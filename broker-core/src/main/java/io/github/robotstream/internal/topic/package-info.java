/** What may name a topic. */
@NullMarked
package io.github.robotstream.internal.topic;

import org.jspecify.annotations.NullMarked;
