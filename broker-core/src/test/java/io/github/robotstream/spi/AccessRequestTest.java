package io.github.robotstream.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.ClientPrincipal;
import io.github.robotstream.Permissions;
import io.github.robotstream.testing.TestCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
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
    void theCertificatesOfAClientStayWithItsRequestsAndCannotBeChanged() {
        List<X509Certificate> chain = new ArrayList<>(List.of(TestCertificate.SHARED.certificate()));
        AccessRequest request =
                new AccessRequest(Optional.of("s3cr3t"), ADDRESS, "/wss", Optional.empty()).withCertificates(chain);
        chain.clear();

        assertThat(request.certificates()).containsExactly(TestCertificate.SHARED.certificate());
        assertThatThrownBy(() -> request.certificates().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(request).asString().contains("as CN=robot").doesNotContain("s3cr3t");
        AccessRequest newer = request.renewal(Optional.of("n3wer"), ClientPrincipal.of("operator", Permissions.none()));
        assertThat(newer.certificates()).isEqualTo(request.certificates());
        assertThat(newer).asString().doesNotContain("n3wer");
    }

    @Test
    void aRefusalHasAReasonAndAMessage() {
        TokenRejectedException refusal =
                new TokenRejectedException(TokenRejectedException.Reason.TOKEN_EXPIRED, "get a new one");
        assertThat(refusal.reason()).isEqualTo(TokenRejectedException.Reason.TOKEN_EXPIRED);
        assertThat(refusal).hasMessage("get a new one");
    }
}
