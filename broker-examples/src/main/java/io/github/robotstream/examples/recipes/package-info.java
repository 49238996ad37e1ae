/** Short programs that each teach one thing; the README has a table of them, and {@code RecipesTest} runs them. */
@NullMarked
package io.github.robotstream.examples.recipes;

import org.jspecify.annotations.NullMarked;
