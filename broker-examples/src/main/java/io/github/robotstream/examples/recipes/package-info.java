/**
 * Short programs that each teach one thing; the README has a table of them, and {@code RecipesTest} and {@code RecipeMainsTest} run them. A system
 * property {@code port} moves their port: {@code -Dport=9000}.
 */
@NullMarked
package io.github.robotstream.examples.recipes;

import org.jspecify.annotations.NullMarked;
