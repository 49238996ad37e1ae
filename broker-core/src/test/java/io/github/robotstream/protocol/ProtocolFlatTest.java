package io.github.robotstream.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The style of frames: the documented envelope, and FLAT for clients that route on the name. */
class ProtocolFlatTest extends ProtocolContract {
    private static final String LEVEL = "'data':{'unit':'V','name':'cell 3','type':'float','data':3.70}";

    @Test
    void aFlatClientGetsNameTypeAndDataAndTheNameIsTheTopic() throws Exception {
        start();
        ContractClient flat = test.connect("frame=flat").send(subscribe("battery/#"));
        ContractClient envelope = test.connect("frame=envelope").send(subscribe("battery/#"));
        test.settle();

        connect().send(json("{'action':'publish','topic':'battery/cell',") + json(LEVEL) + "}");

        assertThat(flat.frame()).isEqualTo(json("{'name':'battery/cell','type':'float','data':3.70}"));
        assertThat(envelope.frame()).isEqualTo(json("{'action':'publish','topic':'battery/cell'," + LEVEL + "}"));
    }

    @Test
    void theStyleOfThoseWhoDoNotSayIsASetting() throws Exception {
        start(settings -> settings.flatFrames());
        ContractClient flat = subscriber("pose");
        ContractClient envelope = test.connect("frame=envelope").send(subscribe("pose"));
        test.settle();

        robotPublishes("pose", "1");

        assertThat(flat.frame()).isEqualTo(data("pose", "1"));
        assertThat(envelope.frame()).isEqualTo(message("pose", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"frame=round", "frame=", "frame=FLAT", "frame", "frame=flat&frame=flat"})
    void anotherStyleIsRefused(String query) throws Exception {
        start();
        ContractClient client = test.connect(query, Map.of("Origin", "http://192.168.1.7:8080"));

        assertThat(client.closeCode()).isEqualTo(1008);
        assertThat(client.closeReason()).startsWith("bad_request: ").contains("frame");
    }

    @Test
    void aFlatClientPublishesTheDocumentedWay() throws Exception {
        start();
        ContractClient envelope = subscriber("pose");

        test.connect("frame=flat").send(message("pose", "1"));

        assertThat(envelope.frame()).isEqualTo(message("pose", "1"));
    }

    @Test
    void aFlatClientGetsAcksAndErrorsOnlyWithAnId() throws Exception {
        start();
        ContractClient logs = subscriber("server_logs");
        ContractClient flat = test.connect("frame=flat");
        logs.frames();

        assertThat(flat.ask(with("'id':1", subscribe("pose"))))
                .isEqualTo(json("{'action':'ack','id':1,'topic':'pose','known':false,'options':{'retained':true}}"));
        assertError(flat.ask(with("'id':2", subscribe("a/#/b"))), "'id':2,'request':'subscribe',", "bad_topic", 400);
        logs.frames();

        flat.send("{").hearsNothing();
        assertThat(logs.frame())
                .contains(json("'level':'WARN','severity':13,'event':'request_refused','message':'bad_json: at byte 1"))
                .contains(json("'client':'c-2','subject':'anonymous'"));
    }

    @Test
    void aFlatClientsHeldBackErrorsAreSummedUpOnServerLogs() throws Exception {
        start();
        ContractClient logs = subscriber("server_logs");
        ContractClient flat = test.connect("frame=flat");
        for (int i = 0; i < 15; i++) {
            flat.send("[]");
        }
        flat.hearsNothing();
        logs.frames();

        test.advance(Duration.ofSeconds(1));
        test.advance(Duration.ofSeconds(4));

        flat.hearsNothing();
        // One was told at once; the last of the ten that followed is the sum of five.
        assertThat(logs.frame())
                .contains("request_refused")
                .contains("rate_limited: 5 more errors")
                .contains(json("'count':10"));
    }
}
