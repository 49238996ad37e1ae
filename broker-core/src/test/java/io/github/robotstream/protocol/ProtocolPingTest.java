package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that asks how far away the broker is, and what its clocks say. */
class ProtocolPingTest extends ProtocolContract {

    @Test
    void aPingIsAnsweredWithItsTimeAndTheBrokersClocks() throws Exception {
        start();
        ContractClient client = connect();
        test.advance(Duration.ofMillis(1_500));

        assertThat(client.ask(json("{'action':'ping','id':6,'t':123}")))
                .isEqualTo(json("{'action':'pong','id':6,'t':123,'ts':1795498201623000,'mono':1500000}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-1.50", "1.764e12", "1764000000123.4560000000000000000000000000000000000000000000000"})
    void theTimeComesBackAsItWasSpelled(String time) throws Exception {
        start();

        assertThat(connect().ask(json("{'action':'ping','id':'a','t':" + time + "}")))
                .startsWith(json("{'action':'pong','id':'a','t':" + time + ",'ts':"));
    }

    @Test
    void withoutATimeThereIsNoneInTheAnswer() throws Exception {
        start();

        assertThat(connect().ask(json("{'action':'ping','id':6}"))).startsWith(json("{'action':'pong','id':6,'ts':"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'1'", "null", "[1]", "11111111111111111111111111111111111111111111111111111111111111111"})
    void aTimeThatIsNoShortNumberIsRefused(String time) throws Exception {
        start();

        assertError(
                connect().ask(json("{'action':'ping','id':6,'t':" + time + "}")),
                "'id':6,'request':'ping',",
                "bad_request",
                400);
    }

    @Test
    void withoutAnIdThereIsNothingToAnswer() throws Exception {
        start();

        assertError(connect().ask(json("{'action':'ping','t':1}")), "'request':'ping',", "bad_request", 400);
    }

    @Test
    void aFlatClientIsAnsweredAlike() throws Exception {
        start();

        assertThat(test.connect("frame=flat").ask(json("{'action':'ping','id':6,'t':123}")))
                .startsWith(json("{'action':'pong','id':6,'t':123,'ts':"));
    }
}
