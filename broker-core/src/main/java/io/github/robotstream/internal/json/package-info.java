/** JSON (RFC 8259) in UTF-8: read strictly, written, and its errors worded. */
@NullMarked
package io.github.robotstream.internal.json;

import org.jspecify.annotations.NullMarked;
