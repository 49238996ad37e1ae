package io.github.robotstream.jwt;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Where keys come from; unless overridden, public keys that may have to be fetched. Any thread; its text is without keys. */
interface KeySource {
    /** At most {@link KeyList#MOST_TRIED} keys that may have signed such a token; throws if that cannot be told now. */
    KeyList keysFor(String alg, Optional<String> kid) throws IOException;

    /** The algorithms of all keys present. */
    Set<JwtAlgorithm> algorithms();

    /** Whether keys may come from here that others than this robot's owner have. */
    default boolean hasPublicKeys() {
        return true;
    }

    /** Whether to ask for keys may take long; a file system, too, may be slow or far away. */
    default boolean mayBlock() {
        return true;
    }

    /** What has happened to this source and was not told yet: whoever asks has to tell it. */
    Optional<KeySetEvent> takeEvent();
}
