package io.github.robotstream.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A publisher for the shell. */
@Command(
        name = "send",
        description =
                "Publishes one value and waits up to 10 s for the broker's answer, which it prints. With --for it publishes"
                        + " the value ten times a second, as a robot wants its commands, and prints the last answer.")
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class SendCommand implements Callable<Integer> {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final long PERIOD_MILLIS = 100;
    private static final int ID = 1;

    private CommandSpec spec;

    @Mixin
    private final ClientOptions broker = new ClientOptions();

    @Parameters(index = "1", paramLabel = "TOPIC", description = "Where to publish it.")
    private String topic;

    @Parameters(
            index = "2",
            paramLabel = "JSON",
            description = "The value: 25.1, true, '\"text\"', '{\"linear\":0.5}'.")
    private String json;

    @Option(
            names = "--type",
            paramLabel = "WORD",
            description =
                    "The word for its type. Unless given: float, bool, string, list, object or null, as the value is.")
    private @Nullable String type;

    @Option(names = "--name", paramLabel = "NAME", description = "The value's name; the topic unless given.")
    private @Nullable String name;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            description =
                    "Publish it again and again for so long, for instance 2s: a robot that hears no more commands stops.")
    private @Nullable Duration time;

    @Spec
    void spec(CommandSpec value) {
        spec = value;
        // The value -5 would else be taken for an option that does not exist.
        spec.parser().unmatchedOptionsArePositionalParams(true);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String usualType = Frames.typeWord(json)
                .orElseThrow(
                        () -> broker.wrong("the value is not JSON (text needs double quotes within the single ones)"));
        String frame = Frames.publish(ID, topic, name == null ? topic : name, type == null ? usualType : type, json);
        try (WireClient client = broker.connect()) {
            long began = System.nanoTime();
            String answer = publish(client, frame);
            while (time != null && System.nanoTime() - began < time.toNanos()) {
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
                answer = publish(client, frame);
            }
            spec.commandLine().getOut().println(answer);
            return 0;
        }
    }

    private String publish(WireClient client, String frame) throws IOException, InterruptedException {
        client.send(frame);
        String answer = answer(client);
        if (Frames.kind(answer) == Frames.Kind.ERROR) {
            throw new IOException("refused: " + answer);
        }
        return answer;
    }

    private String answer(WireClient client) throws IOException, InterruptedException {
        Optional<String> answer = client.next(ANSWER_TIMEOUT);
        return answer.orElseThrow(() ->
                new IOException("no answer within " + ANSWER_TIMEOUT.toSeconds() + " s: it may have been published"));
    }
}
