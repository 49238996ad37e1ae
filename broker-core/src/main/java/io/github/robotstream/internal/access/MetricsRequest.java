package io.github.robotstream.internal.access;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.internal.protocol.MetricsText;
import io.github.robotstream.internal.transport.Handshake;
import io.github.robotstream.spi.AccessRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Somebody asks for the broker's numbers. */
final class MetricsRequest extends PendingVerdict {
    private final Handshake handshake;
    private final MetricsSource metrics;

    MetricsRequest(Handshake handshake, AccessRequest access, AccessContext context, MetricsSource metrics) {
        super(access, context);
        this.handshake = handshake;
        this.metrics = metrics;
    }

    @Override
    void admit(ClientPrincipal principal) {
        Optional<String> text = metrics.text(principal.permissions());
        if (text.isEmpty()) {
            refuse(AccessRefusal.NO_METRICS);
        } else if (claim()) {
            handshake.answer(MetricsText.CONTENT_TYPE, text.get().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    void tell(AccessRefusal refusal) {
        Admission.refuse(handshake, context(), refusal.atHandshake(), refusal.detail());
    }
}
