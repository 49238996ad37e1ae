package io.github.robotstream.jwt;

import java.util.Optional;
import java.util.Set;

/** Keys that the program gave; they never change and asking for them never waits. */
record FixedKeys(KeyList list) implements KeySource {
    @Override
    public KeyList keysFor(String alg, Optional<String> kid) {
        return list.fitting(alg, kid);
    }

    @Override
    public Set<String> algorithms() {
        return list.algorithms();
    }

    @Override
    public boolean hasPublicKeys() {
        return list.hasPublicKeys();
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public Optional<KeySetEvent> takeEvent() {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return String.join(", ", list.algorithms());
    }
}
