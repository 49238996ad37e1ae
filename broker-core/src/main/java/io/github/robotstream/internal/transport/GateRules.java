package io.github.robotstream.internal.transport;

import java.util.Optional;

/** What is answered to a request head, by its words alone. */
record GateRules(TransportSettings settings) {

    /** The answer that ends it; empty for an upgrade as it should be: somebody else decides on that. */
    Optional<HttpAnswer> answer(RequestHead head) {
        return head.path().equals(settings.path())
                ? new UpgradeRequest(head, settings).fault()
                : Optional.of(HttpAnswer.notFound(settings.path()));
    }
}
