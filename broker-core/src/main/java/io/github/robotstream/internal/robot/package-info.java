/** Robot code's side of the broker: publishing, listeners, polled inputs. */
@NullMarked
package io.github.robotstream.internal.robot;

import org.jspecify.annotations.NullMarked;
