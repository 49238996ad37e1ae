package io.github.robotstream;

/**
 * Turns the values of a topic into JSON and back.
 *
 * <p>Thread: any, several at once. {@code encode} runs in the call to {@code publish}, so in the robot's control loop, and
 * should not wait; {@code decode} where a value is read, and on a thread of its own where one is checked that a client
 * published. Blocking: delays only that call, that listener, or that client. Failure: what they throw refuses that one value
 * and is told to {@link BrokerListener#userCodeFailed}, also that of a client's; but for {@link InvalidValueException}, whose text the
 * client gets. Identity: a broker takes topics of one name as one only if their codecs are equal, so make a codec a record, or keep the
 * topic in a constant.
 *
 * <p>For values that the application's own Gson, with adapters of its own, is to write:
 *
 * <pre>{@code
 * record OwnGson<T>(Gson gson, Type type) implements TopicCodec<T> {
 *     public String encode(T value) {
 *         return gson.toJson(value, type);
 *     }
 *
 *     public T decode(String json) {
 *         try {
 *             return gson.fromJson(json, type);
 *         } catch (JsonParseException | NumberFormatException e) {
 *             throw new InvalidValueException(e.getMessage()); // clients see what Gson says
 *         }
 *     }
 * }
 *
 * Topic<Twist> goal = Topic.command("goal", "Twist", new OwnGson<>(new Gson(), Twist.class));
 * }</pre>
 *
 * @param <T> the Java type of the values
 */
public interface TopicCodec<T> {
    /**
     * Writes a value.
     *
     * @return one JSON text (RFC 8259); NaN and infinities have to be written as {@code null}
     * @throws Exception if it cannot be written
     */
    String encode(T value) throws Exception;

    /**
     * Reads a value.
     *
     * @return the value, never null
     * @throws InvalidValueException if the text is not such a value, for a reason that its writer may know
     * @throws Exception if it is not
     */
    T decode(String json) throws Exception;
}
