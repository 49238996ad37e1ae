package io.github.robotstream.internal.transport.gate;

import io.github.robotstream.internal.settings.Page;
import io.github.robotstream.internal.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is answered to a request head, by its words alone. Paths are compared as they come: there is nothing to traverse. */
public final class GateRules {
    private static final String HEALTH = "/health";
    private static final String METRICS = "/metrics";

    private GateRules() {}

    /** {@return the answer that ends it; empty for what the access room decides on: a valid upgrade, or a request for the metrics} */
    public static Optional<HttpAnswer> answer(RequestHead head, Settings settings) {
        String path = head.path();
        if (path.equals(settings.path)) {
            return new UpgradeRequest(head, settings).fault();
        }
        if (path.equals(METRICS)) {
            return metricsFault(head);
        }
        Page page = path.equals(HEALTH) ? Page.HEALTH : settings.pages.get(path);
        return Optional.of(page == null ? HttpAnswer.notFound(settings.path) : answer(head, page));
    }

    private static Optional<HttpAnswer> metricsFault(RequestHead head) {
        if (!head.method().equals("GET")) {
            return Optional.of(HttpAnswer.wrongMethod("GET"));
        }
        return head.hasBody() ? Optional.of(HttpAnswer.malformed("a body, where none is taken")) : Optional.empty();
    }

    private static HttpAnswer answer(RequestHead head, Page page) {
        if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
            return HttpAnswer.wrongMethod("GET, HEAD");
        }
        return head.hasBody() ? HttpAnswer.malformed("a body, where none is taken") : page(head, page);
    }

    /** The page, or 304 if the client has it (RFC 9110 section 13.1.2). */
    private static HttpAnswer page(RequestHead head, Page page) {
        boolean same = head.lists("if-none-match", page.entityTag())
                || head.lists("if-none-match", "W/" + page.entityTag())
                || head.header("if-none-match").equals("*");
        if (same) {
            List<String> few = new ArrayList<>(page.fields());
            few.remove(few.size() - 1);
            return new HttpAnswer(304, few, new byte[0]);
        }
        return new HttpAnswer(200, page.fields(), page.body());
    }
}
