package io.github.robotstream.jwt;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Some keys, and which of them a token may have been signed with. */
record KeyList(List<JwtKey> keys) {
    /**
     * So many keys are tried on one token. More fit only if a large set's tokens do not name their key; trying all would
     * let a stranger's garbage cost as many signature checks.
     */
    static final int MOST_TRIED = 8;

    KeyList {
        keys = List.copyOf(keys);
    }

    KeyList fitting(String alg, Optional<String> kid) {
        return new KeyList(keys.stream()
                .filter(key -> key.isNamed(alg) && key.mayBe(kid))
                .limit(MOST_TRIED)
                .toList());
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    boolean hasPublicKeys() {
        return keys.stream().anyMatch(key -> !key.isSecret());
    }

    Set<String> algorithms() {
        return keys.stream().map(JwtKey::algorithm).collect(Collectors.toCollection(TreeSet::new));
    }
}
