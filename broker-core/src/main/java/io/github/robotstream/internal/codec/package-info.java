/** The codec that topics have unless they are given another. */
@NullMarked
package io.github.robotstream.internal.codec;

import org.jspecify.annotations.NullMarked;
