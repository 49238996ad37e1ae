/** A simulated robot: how a control loop embeds the broker. */
@NullMarked
package io.github.robotstream.examples.robot;

import org.jspecify.annotations.NullMarked;
