package io.github.robotstream.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Topic;
import org.junit.jupiter.api.Test;

class TypeNameTest {
    private record Twist(double linear, double angular) {}

    private enum Mode {
        MANUAL,
        AUTO
    }

    @Test
    void aTopicOfAJavaTypeHasThatTypesNameOnTheWire() {
        assertThat(Topic.state("pose", Twist.class)).isEqualTo(Topic.state("pose", "Twist", Twist.class));
        assertThat(Topic.command("mode", Mode.class)).isEqualTo(Topic.command("mode", "Mode", Mode.class));
    }

    @Test
    void numbersBooleansAndStringsHaveTheWordsThatClientsOfAnyLanguageKnow() {
        assertThat(Topic.state("battery", Double.class).type()).isEqualTo("float");
        assertThat(Topic.state("ticks", Integer.class).type()).isEqualTo("int");
        assertThat(Topic.state("ready", Boolean.class).type()).isEqualTo("bool");
        assertThat(Topic.state("name", String.class).type()).isEqualTo("string");
        assertThat(Topic.state("ranges", double[].class).type()).isEqualTo("float[]");
        assertThat(Topic.state("path", Twist[].class).type()).isEqualTo("Twist[]");
    }

    @Test
    void anAnonymousClassIsRefusedWithTheRemedy() {
        Object nameless = new Object() {};
        assertThatThrownBy(() -> TypeName.of(nameless.getClass()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pass the topic's type as the second argument");
    }
}
