package io.github.robotstream.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.Topic;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void aCopyIsEqualInEveryValueAndSharesNoCollection() throws Exception {
        Settings settings = TestSettings.anyPort(changed -> {
            changed.pages.put("/", new Page("text/plain", new byte[1]));
            changed.allowedHosts.add("robot.local");
            changed.allowedOrigins.add("https://a.example");
            changed.declared.put(Topic.state("pose", "Pose", String.class), Settings.Declared.USUAL);
        });
        Settings copy = settings.copy();

        for (Field field : Settings.class.getFields()) {
            Object value = field.get(settings);
            assertThat(field.get(copy)).as(field.getName()).isEqualTo(value);
            if (value instanceof Map || value instanceof Collection) {
                assertThat(field.get(copy)).as(field.getName()).isNotSameAs(value);
            }
        }
    }

    @Test
    void whatIsSetLaterDoesNotReachACopy() {
        Settings settings = new Settings();
        Settings copy = settings.copy();
        settings.sessions = 1;
        settings.allowedHosts.add("robot.local");

        assertThat(copy.sessions).isEqualTo(1000);
        assertThat(copy.allowedHosts).isEmpty();
    }
}
