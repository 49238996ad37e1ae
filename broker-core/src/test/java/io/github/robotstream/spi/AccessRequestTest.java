package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessRequestTest {
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);

    @Test
    void itsTextTellsThatThereIsATokenButNotWhich() {
        AccessRequest with =
                new AccessRequest(Optional.of("s3cr3t"), ADDRESS, "/wss", Optional.of("https://a.example"));
        assertThat(with).asString().contains("/wss", "4711", "with token").doesNotContain("s3cr3t");
        AccessRequest without = new AccessRequest(Optional.empty(), ADDRESS, "/wss", Optional.empty());
        assertThat(without).asString().contains("without token");
    }

    @Test
    void itHoldsWhatTheClientCameWith() {
        AccessRequest request = new AccessRequest(Optional.of("t"), ADDRESS, "/wss", Optional.of("https://a.example"));
        assertThat(request.token()).contains("t");
        assertThat(request.remoteAddress()).isEqualTo(ADDRESS);
        assertThat(request.path()).isEqualTo("/wss");
        assertThat(request.origin()).contains("https://a.example");
    }

    @Test
    void aRefusalHasAReasonAndAMessage() {
        TokenRejectedException refusal =
                new TokenRejectedException(TokenRejectedException.Reason.TOKEN_EXPIRED, "get a new one");
        assertThat(refusal.reason()).isEqualTo(TokenRejectedException.Reason.TOKEN_EXPIRED);
        assertThat(refusal).hasMessage("get a new one");
    }
}
