package io.github.robotstream.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Addresses are taken or refused as every client package takes or refuses them. */
class AddressTest {
    private static JsonObject table(String part) throws IOException {
        String json = Files.readString(Path.of("..", "conformance", "addresses.json"));
        return JsonParser.parseString(json).getAsJsonObject().getAsJsonObject(part);
    }

    @Test
    void itTakesWhatTheTableTakes() throws IOException {
        table("accepted")
                .asMap()
                .forEach((given, address) ->
                        assertThat(Address.of(given)).as(given).hasToString(address.getAsString()));
    }

    @Test
    void itRefusesWhatTheTableRefusesAndTellsNoToken() throws IOException {
        table("refused")
                .asMap()
                .forEach((given, why) -> assertThatIllegalArgumentException()
                        .as(given)
                        .isThrownBy(() -> RobotStreamClient.at(given))
                        .withMessageContaining(why.getAsString())
                        .withMessageNotContaining("secret"));
    }
}
