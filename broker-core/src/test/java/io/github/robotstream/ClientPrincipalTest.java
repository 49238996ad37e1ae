package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPrincipalTest {
    private static final Permissions POSE = Permissions.none().subscribe("pose");

    @Test
    void aNewPrincipalHasNoEndAndNoAttributes() {
        ClientPrincipal principal = ClientPrincipal.of("operator-3", POSE);
        assertThat(principal.name()).isEqualTo("operator-3");
        assertThat(principal.permissions()).isEqualTo(POSE);
        assertThat(principal.expiresAt()).isEmpty();
        assertThat(principal.attributes()).isEmpty();
    }

    @Test
    void whatIsAddedKeepsTheRestAndLeavesTheOldOneAlone() {
        Map<String, String> values = new HashMap<>(Map.of("fleet", "north"));
        ClientPrincipal first = ClientPrincipal.of("operator-3", POSE);
        ClientPrincipal last = first.withAttributes(values).expiringAt(Instant.EPOCH);
        values.put("fleet", "south");
        assertThat(last.attributes()).containsExactly(Map.entry("fleet", "north"));
        assertThat(last.expiresAt()).contains(Instant.EPOCH);
        assertThat(last.withAttributes(Map.of()).expiresAt()).contains(Instant.EPOCH);
        assertThat(last.permissions()).isEqualTo(POSE);
        assertThat(first.expiresAt()).isEmpty();
        assertThat(first.attributes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a\nb", "a\u0000", "a\u001b[2J", "a\u0085", "a\u2028b", "a\u2029b", "\ud800", "a\udc00b"
            })
    void aNameThatLogsAndFramesCannotCarryIsRefusedUnquoted(String name) {
        assertThatThrownBy(() -> ClientPrincipal.of(name, POSE))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .matches("[ -~]+");
    }

    @Test
    void twoHundredAndFiftyFiveCharactersAreTheLongestName() {
        String longest = "n".repeat(ClientPrincipal.MAX_NAME_CHARACTERS);
        assertThat(ClientPrincipal.of(longest, POSE).name()).isEqualTo(longest);
        assertThatThrownBy(() -> ClientPrincipal.of(longest + "n", POSE)).hasMessageContaining("256 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator-3", "운영자", "🤖", "auth0|507f1f77", "00:1a:22:33", "a b"})
    void namesOfAllScriptsPass(String name) {
        assertThat(ClientPrincipal.of(name, POSE).name()).isEqualTo(name);
    }
}
