package io.github.robotstream.jwt;

import static io.github.robotstream.jwt.VerifierFixture.FORGE;
import static io.github.robotstream.jwt.VerifierFixture.accept;
import static io.github.robotstream.jwt.VerifierFixture.claims;
import static io.github.robotstream.jwt.VerifierFixture.refuse;
import static io.github.robotstream.jwt.VerifierFixture.settings;
import static io.github.robotstream.spi.TokenRejectedException.Reason.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Permissions;
import io.github.robotstream.TopicFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The claim {@code topics}: exactly what it lists, or no token at all. */
class TopicRightsTest {
    private final JwtTokenVerifier verifier = settings().build();

    private Permissions rights(String topics) throws Exception {
        return accept(verifier, FORGE.token(claims("\"topics\":" + topics))).permissions();
    }

    @Test
    void theClaimGivesExactlyWhatItLists() throws Exception {
        Permissions rights = rights("{\"subscribe\":[\"pose\",\"joints/#\"],\"publish\":[\"cmd_vel\"]}");
        assertThat(rights)
                .isEqualTo(Permissions.none().subscribe("pose", "joints/#").publish("cmd_vel"));
        assertThat(rights.maySubscribe(TopicFilter.of("joints/left"))).isTrue();
        assertThat(rights.maySubscribe(TopicFilter.of("server_logs"))).isFalse();
        assertThat(rights.mayPublish("pose")).isFalse();
    }

    @Test
    void aMissingListIsEmpty() throws Exception {
        assertThat(rights("{\"subscribe\":[\"pose\"]}"))
                .isEqualTo(Permissions.none().subscribe("pose"));
        assertThat(rights("{\"publish\":[\"pose\"]}"))
                .isEqualTo(Permissions.none().publish("pose"));
        assertThat(rights("{\"publish\":[],\"subscribe\":[]}")).isEqualTo(Permissions.none());
        assertThat(rights("{}")).isEqualTo(Permissions.none());
    }

    @Test
    void theClaimServicesGivesRightsToCallAndTopicsAloneNone() throws Exception {
        String both = "\"topics\":{\"publish\":[\"#\"]},\"services\":[\"dock\",\"arm/#\"]";
        assertThat(accept(verifier, FORGE.token(claims(both))).permissions())
                .isEqualTo(Permissions.none().publish("#").call("dock", "arm/#"));
        assertThat(rights("{\"publish\":[\"#\"]}").mayCall("dock")).isFalse();
        assertThat(accept(verifier, FORGE.token(claims("\"services\":[\"dock\"]")))
                        .permissions())
                .isEqualTo(Permissions.none().call("dock"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "\"#\"", "{}", "[7]", "[null]", "[\"a/#/b\"]", "[\"\"]"})
    void servicesOfAnotherFormRefuseTheToken(String services) {
        assertThat(refuse(verifier, FORGE.token(claims("\"services\":" + services)), TOKEN_INVALID))
                .hasMessageStartingWith("token's claim services");
    }

    @Test
    void withoutTheClaimTheDefaultPermissionsHold() throws Exception {
        String plain = FORGE.token(claims(""));
        assertThat(accept(verifier, plain).permissions()).isEqualTo(Permissions.all());
        Permissions pose = Permissions.none().subscribe("pose");
        JwtTokenVerifier careful = settings().defaultPermissions(pose).build();
        assertThat(accept(careful, plain).permissions()).isEqualTo(pose);
        assertThat(accept(careful, FORGE.token(claims("\"topics\":{\"publish\":[\"cmd_vel\"]}")))
                        .permissions())
                .isEqualTo(Permissions.none().publish("cmd_vel"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "\"#\"",
                "7",
                "[]",
                "[\"pose\"]",
                "{\"subscribe\":\"pose\"}",
                "{\"subscribe\":null}",
                "{\"subscribe\":{\"pose\":true}}",
                "{\"subscribe\":[7]}",
                "{\"subscribe\":[null]}",
                "{\"publish\":[[\"pose\"]]}",
                "{\"publish\":[\"pose\",true]}",
                "{\"pubish\":[\"pose\"]}",
                "{\"Subscribe\":[\"pose\"]}",
                "{\"subscribe\":[\"pose\"],\"read\":[]}",
                "{\"\":[]}"
            })
    void aClaimOfAnotherFormRefusesTheToken(String topics) {
        assertThat(refuse(verifier, FORGE.token(claims("\"topics\":" + topics)), TOKEN_INVALID))
                .hasMessageStartingWith("token's claim topics");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/#/b", "a+", "a\\u0000b", "##"})
    void aListWithAWrongFilterRefusesTheToken(String filter) {
        for (String list : new String[] {"subscribe", "publish"}) {
            String topics = "{\"" + list + "\":[\"pose\",\"" + filter + "\"]}";
            assertThat(refuse(verifier, FORGE.token(claims("\"topics\":" + topics)), TOKEN_INVALID))
                    .hasMessageStartingWith("token's claim topics: topic filter");
        }
    }

    @Test
    void noClaimReachesTheBrokersOwnTopicsByAWildcard() throws Exception {
        Permissions rights = rights("{\"subscribe\":[\"#\",\"+/#\"],\"publish\":[\"#\",\"server_logs\",\"$SYS/#\"]}");
        assertThat(rights.maySubscribe(TopicFilter.of("server_logs"))).isFalse();
        assertThat(rights.maySubscribe(TopicFilter.of("server_logs/#"))).isFalse();
        assertThat(rights.maySubscribe(TopicFilter.of("$SYS/#"))).isFalse();
        assertThat(rights.mayPublish("server_logs")).isFalse();
        assertThat(rights.mayPublish("$SYS/load")).isFalse();
    }
}
