/** What tests are written with: clients, clocks and fakes. */
@NullMarked
package io.github.robotstream.testing;

import org.jspecify.annotations.NullMarked;
