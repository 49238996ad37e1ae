package io.github.robotstream;

import java.util.Objects;

/**
 * A service of the robot: its name, and the Java types of what it is asked and of what it answers. Immutable; robot code and the Java client can
 * share one.
 *
 * <pre>{@code
 * record Dock(double speed) {}
 * record Docked(boolean docked) {}
 *
 * Service<Dock, Docked> dockService = Service.of("robot.dock", Dock.class, Docked.class);
 * broker.handle(dockService, (dock, call) -> new Docked(dock.speed() > 0));
 * }</pre>
 *
 * <p>A Java client then calls {@code robot.call(dockService, new Dock(0.2))}.
 *
 * @param <Q> the Java type of requests
 * @param <A> the Java type of answers
 */
public final class Service<Q, A> {
    private final String name;
    private final Class<Q> requestType;
    private final Class<A> answerType;

    private Service(String name, Class<Q> requestType, Class<A> answerType) {
        this.name = name;
        this.requestType = requestType;
        this.answerType = answerType;
    }

    /**
     * A service.
     *
     * @param name the same rules as for a topic's
     * @param requestType for instance a record; one without members for services that are given nothing
     * @param answerType {@code Void.class} for services that answer null
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static <Q, A> Service<Q, A> of(String name, Class<Q> requestType, Class<A> answerType) {
        return new Service<>(
                RobotStreamBroker.checkServiceName(Objects.requireNonNull(name, "name")),
                Objects.requireNonNull(requestType, "requestType"),
                Objects.requireNonNull(answerType, "answerType"));
    }

    /** {@return the name that clients call it by} */
    public String name() {
        return name;
    }

    /** {@return the Java type of requests} */
    public Class<Q> requestType() {
        return requestType;
    }

    /** {@return the Java type of answers} */
    public Class<A> answerType() {
        return answerType;
    }

    @Override
    public String toString() {
        return "Service[" + name + ": " + requestType.getSimpleName() + " -> " + answerType.getSimpleName() + "]";
    }
}
