package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermissionsTest {
    @Test
    void nothingIsAllowedThatIsNotListed() {
        assertThat(maySubscribe(Permissions.none(), "pose")).isFalse();
        assertThat(Permissions.none().mayPublish("pose")).isFalse();
        Permissions some = Permissions.none().subscribe("pose").publish("cmd_vel");
        assertThat(maySubscribe(some, "pose")).isTrue();
        assertThat(maySubscribe(some, "cmd_vel")).isFalse();
        assertThat(some.mayPublish("cmd_vel")).isTrue();
        assertThat(some.mayPublish("pose")).isFalse();
    }

    @Test
    void fullPermissionsAreEveryTopicOfTheApplicationAndServerLogs() {
        assertThat(maySubscribe(Permissions.all(), "#")).isTrue();
        assertThat(maySubscribe(Permissions.all(), "joints/+/angle")).isTrue();
        assertThat(maySubscribe(Permissions.all(), "server_logs")).isTrue();
        assertThat(Permissions.all().mayPublish("joints/left")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$SYS", "$SYS/load", "$SYS/#", "$SYS/+"})
    void fullPermissionsDoNotReachTheBrokersOwnTopics(String filter) {
        assertThat(maySubscribe(Permissions.all(), filter)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server_logs", "server_logs/#"})
    void theRightToAllTopicsDoesNotReachServerLogs(String filter) {
        assertThat(maySubscribe(Permissions.none().subscribe("#", "+/#", "+"), filter))
                .isFalse();
    }

    @Test
    void theBrokersOwnTopicsAreReadByARightThatNamesThem() {
        assertThat(maySubscribe(Permissions.none().subscribe("$SYS/#"), "$SYS/load"))
                .isTrue();
        assertThat(maySubscribe(Permissions.none().subscribe("server_logs"), "server_logs"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"server_logs", "$SYS", "$SYS/load"})
    void noRightLetsAClientPublishOnTheBrokersOwnTopics(String topic) {
        assertThat(Permissions.none()
                        .publish("#", topic, "$SYS/#", "server_logs/#")
                        .mayPublish(topic))
                .isFalse();
    }

    @Test
    void aFilterNeedsARightToAllThatItCovers() {
        Permissions joints = Permissions.none().subscribe("joints/+");
        assertThat(maySubscribe(joints, "joints/left")).isTrue();
        assertThat(maySubscribe(joints, "joints/+")).isTrue();
        assertThat(maySubscribe(joints, "joints/#")).isFalse();
        assertThat(maySubscribe(joints, "+/left")).isFalse();
        assertThat(maySubscribe(joints, "#")).isFalse();
    }

    @Test
    void addingARightLeavesTheOldPermissionsAsTheyWere() {
        Permissions before = Permissions.none().subscribe("a");
        Permissions after = before.subscribe("b").publish("c");
        assertThat(before).isEqualTo(Permissions.none().subscribe("a"));
        assertThat(after.subscribeFilters()).hasToString("[a, b]");
        assertThat(after.publishFilters()).hasToString("[c]");
        assertThat(Permissions.none()).isEqualTo(Permissions.none().subscribe().publish());
    }

    @Test
    void whatTheyListCannotBeChangedFromOutside() {
        String[] filters = {"a"};
        Permissions permissions = Permissions.none().subscribe(filters);
        filters[0] = "#";
        assertThat(maySubscribe(permissions, "b")).isFalse();
        assertThatThrownBy(() -> permissions.subscribeFilters().add(TopicFilter.of("#")))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aWrongFilterIsRefusedWhereItIsGiven() {
        assertThatThrownBy(() -> Permissions.none().subscribe("a", "b/#/c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("b/#/c");
        assertThatThrownBy(() -> Permissions.none().publish("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void servicesAreCalledByRightsOfTheirOwn() {
        Permissions permissions = Permissions.none().subscribe("#").publish("#").call("dock", "arm/#");
        assertThat(permissions.mayCall("dock")).isTrue();
        assertThat(permissions.mayCall("arm/home")).isTrue();
        assertThat(permissions.mayCall("fly")).isFalse();
        assertThat(Permissions.none().call("dock").mayPublish("dock")).isFalse();
        assertThat(Permissions.all().mayCall("fly")).isTrue();
    }

    @Test
    void theyAreEqualByTheirLists() {
        assertThat(Permissions.all())
                .isEqualTo(Permissions.none().call("#").publish("#").subscribe("#", "server_logs"))
                .hasSameHashCodeAs(Permissions.none()
                        .subscribe("#", "server_logs")
                        .publish("#")
                        .call("#"));
        assertThat(Permissions.none().subscribe("a"))
                .isNotEqualTo(Permissions.none().publish("a"))
                .isNotEqualTo(Permissions.none().subscribe("a").call("a"));
        assertThat(Permissions.all()).hasToString("Permissions[subscribe=[#, server_logs], publish=[#], call=[#]]");
    }

    private static boolean maySubscribe(Permissions permissions, String filter) {
        return permissions.maySubscribe(TopicFilter.of(filter));
    }
}
