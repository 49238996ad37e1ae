package io.github.robotstream.internal.transport;

import java.util.Optional;

/** What is answered to a request head, by its words alone. Paths are compared as they come: there is nothing to traverse. */
record GateRules(TransportSettings settings) {
    private static final String HEALTH = "/health";

    /** The answer that ends it; empty for an upgrade as it should be: somebody else decides on that. */
    Optional<HttpAnswer> answer(RequestHead head) {
        String path = head.path();
        if (path.equals(settings.path())) {
            return new UpgradeRequest(head, settings).fault();
        }
        Page page = path.equals(HEALTH) ? Page.HEALTH : settings.pages().get(path);
        return Optional.of(page == null ? HttpAnswer.notFound(settings.path()) : answer(head, page));
    }

    private static HttpAnswer answer(RequestHead head, Page page) {
        if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
            return HttpAnswer.wrongMethod("GET, HEAD");
        }
        return head.hasBody() ? HttpAnswer.malformed("a body, where none is taken") : page.answer(head);
    }
}
