package io.github.robotstream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.robotstream.internal.transport.IpLiteral;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlocksTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16,10.1.255.255,true",
        "10.1.0.0/16,10.2.0.0,false",
        "10.1.2.3,10.1.2.3,true",
        "10.1.2.3,10.1.2.4,false",
        "10.1.2.129/25,10.1.2.255,true",
        "10.1.2.129/25,10.1.2.127,false",
        "0.0.0.0/0,203.0.113.9,true",
        "0.0.0.0/0,::1,false",
        "::/0,::1,true",
        "fd00::/8,fdff::1,true",
        "fd00::/8,fc00::1,false",
        "2001:db8::1,2001:db8:0:0::1,true",
        "::ffff:10.1.2.3,10.1.2.3,true",
    })
    void anAddressIsInTheBlockThatItsFirstBitsSay(String block, String address, boolean inside) {
        assertThat(AddressBlocks.of("192.0.2.1", block)
                        .test(IpLiteral.parse(address).orElseThrow()))
                .isEqualTo(inside);
        assertThat(AddressBlocks.of().test(IpLiteral.parse(address).orElseThrow()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.1",
                "10.1.0.0/",
                "10.1.0.0/33",
                "10.1.0.0/-1",
                "::/129",
                "proxy",
                "10.1.0.0/a",
                "010.1.0.0"
            })
    void whatIsNoBlockIsRefusedByName(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddressBlocks.of(text))
                .withMessageContaining("\"" + text + "\"");
    }
}
