/** What tests of several rooms are written with: clients, clocks, fakes and brokers. */
@NullMarked
package io.github.robotstream.testing;

import org.jspecify.annotations.NullMarked;
