/** What the JDK's flight recorder is told. All of its classes but {@code FlightEvents} and {@code Span} need the module jdk.jfr. */
@NullMarked
package io.github.robotstream.internal.jfr;

import org.jspecify.annotations.NullMarked;
