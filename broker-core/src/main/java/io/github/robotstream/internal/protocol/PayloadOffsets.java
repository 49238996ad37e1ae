package io.github.robotstream.internal.protocol;

/** Where the members of a data object stand, from its opening brace; each end is the index after the last byte. */
record PayloadOffsets(int nameStart, int nameEnd, int typeStart, int typeEnd, int valueStart, int valueEnd) {}
