package io.github.robotstream.internal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.transport.HandshakeRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token may stand, and that none is passed over that another reader of the request may see. */
class HandshakeQueryTest {
    private static HandshakeQuery read(String query, String authorization, String protocols) {
        return HandshakeQuery.of(new HandshakeRequest(
                "/wss",
                Optional.of(query),
                Map.of("authorization", authorization, "sec-websocket-protocol", protocols),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
                List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "token=a%2Bb+c,'',''",
        "x=1&token=a%2Bb+c&y,'',''",
        "%74oken=a%2Bb+c,'',''",
        "%74%6F%6b%65%6e=a%2Bb+c,'',''",
        "'',Bearer a+b+c,''",
        "'',bearer   a+b+c,''",
        "'','BEARER\ta+b+c',''",
        "'','',bearer.a+b+c",
        "'','','robotstream.v1, Bearer.a+b+c'",
        "token=a%2Bb+c,Basic eDp5,chat",
        "token=a%2Bb+c,Bearerish x,bearer",
    })
    void theTokenIsFoundInEachOfItsPlaces(String query, String authorization, String protocols) {
        assertThat(read(query, authorization.replace("\\t", "\t"), protocols).token())
                .hasValue("a+b+c");
    }

    @ParameterizedTest
    @CsvSource({
        "token=secret-a&token=secret-a,'',''",
        "token=secret-a&%74oken=secret-b,'',''",
        "%74oken=secret-a,Bearer secret-b,''",
        "token=secret-a,'BEARER\tsecret-b',''",
        "token=secret-a,'Bearer\t secret-b',''",
        "token=secret-a,'',Bearer.secret-b",
        "token=secret-a,'','chat, BEARER.secret-b'",
        "'',Bearer secret-a,bEARER.secret-b",
        "'','','bearer.secret-a, Bearer.secret-b'",
        "token=,'Bearer\tsecret-b',''",
    })
    void aSecondTokenIsRefusedHoweverItIsSpelled(String query, String authorization, String protocols) {
        assertThatThrownBy(() -> read(query, authorization.replace("\\t", "\t"), protocols))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the request has more than one token: send one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TOKEN=secret-a",
                "Token=secret-a",
                "toKen",
                "%54oken=secret-a",
                "token=secret-a&TOKEN=secret-b",
                "+token=secret-a",
                "token%20=secret-a",
                "%09token=secret-a",
            })
    void aParameterThatIsNearlyTheTokensIsRefusedAndNotPassedOver(String query) {
        assertThatThrownBy(() -> read(query, "", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a parameter of the query is called nearly like the token's: write \"token\", in lower case");
    }

    @Test
    void otherParametersArePassedOver() {
        HandshakeQuery read = read("tokens=x&access_token=y&%=z&%zz=1&&=", "", "");
        assertThat(read.token()).isEmpty();
    }

    @Test
    void theStyleIsFoundByTheNameThatItHasWhenDecoded() {
        assertThat(read("fr%61me=flat", "", "").style()).hasValue(FrameStyle.FLAT);
        assertThat(read("FRAME=flat", "", "").style()).isEmpty();
        assertThatThrownBy(() -> read("frame=flat&%66rame=flat", "", ""))
                .hasMessage("the request names more than one frame style: name one");
    }
}
