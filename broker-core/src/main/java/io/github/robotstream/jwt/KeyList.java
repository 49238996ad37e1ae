package io.github.robotstream.jwt;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Some keys; they never change and asking for them never waits. */
record KeyList(List<JwtKey> keys) implements KeySource {
    /** So many are tried on one token: for garbage, all of a large set would cost as many signature checks. */
    static final int MOST_TRIED = 8;

    KeyList {
        keys = List.copyOf(keys);
    }

    @Override
    public KeyList keysFor(String alg, Optional<String> kid) {
        return new KeyList(keys.stream()
                .filter(key -> key.algorithm().isNamed(alg) && key.mayBe(kid))
                .limit(MOST_TRIED)
                .toList());
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    @Override
    public Set<JwtAlgorithm> algorithms() {
        return keys.stream()
                .map(JwtKey::algorithm)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(JwtAlgorithm.class)));
    }

    @Override
    public boolean hasPublicKeys() {
        return keys.stream().anyMatch(key -> !key.isSecret());
    }

    boolean hasSecrets() {
        return keys.stream().anyMatch(JwtKey::isSecret);
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
        return JwtAlgorithm.list(algorithms());
    }
}
