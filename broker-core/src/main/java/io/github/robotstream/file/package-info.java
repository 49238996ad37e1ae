/** What is kept in files: messages of topics, log entries. */
@NullMarked
package io.github.robotstream.file;

import org.jspecify.annotations.NullMarked;
