package io.github.robotstream.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                "Publishes one value, or the bytes of a file, and waits up to 10 s for the broker's answer, which it prints. With --for it publishes"
                        + " it ten times a second, as a robot wants its commands, and prints the last answer. Where the topic needs a"
                        + " lease, it takes the lease first and gives it back at the end.")
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class SendCommand implements Callable<Integer> {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final long PERIOD_MILLIS = 100;
    private static final int ID = 1;

    /** A larger message no broker passes on. */
    private static final int MOST_BYTES = 16 << 20;

    private CommandSpec spec;

    @Mixin
    private final ClientOptions broker = new ClientOptions();

    @Parameters(index = "1", paramLabel = "TOPIC", description = "Where to publish it.")
    private String topic;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "JSON",
            description = "The value: 25.1, true, '\"text\"', '{\"linear\":0.5}'.")
    private @Nullable String json;

    @Option(
            names = "--binary",
            paramLabel = "FILE",
            description = "Publishes the bytes of this file in place of a value; --type says their media type then.")
    private @Nullable Path file;

    @Option(
            names = "--type",
            paramLabel = "WORD",
            description =
                    "The word for its type, or the media type (image/jpeg) of bytes. Unless given: float, bool, string, list,"
                            + " object or null, as the value is.")
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
        Request request = request();
        try (WireClient client = broker.connect()) {
            String answer = answer(client, request);
            boolean needsLease = Frames.isError(answer, "lease_required");
            if (needsLease) {
                request(client, "acquire");
                answer = answer(client, request);
            }
            answer = publishOn(client, request, answer);
            if (needsLease) {
                request(client, "release");
            }
            spec.commandLine().getOut().println(answer);
            return 0;
        }
    }

    /** Publishes for as long as it is to be repeated, and returns the last answer; each publish keeps a lease. */
    private String publishOn(WireClient client, Request request, String first)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        String answer = accepted(first);
        while (time != null && System.nanoTime() - began < time.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            answer = accepted(answer(client, request));
        }
        return answer;
    }

    private void request(WireClient client, String action) throws IOException, InterruptedException {
        accepted(answer(client, each -> each.send(Frames.request(ID, action, topic))));
    }

    /** What is sent, again and again if need be. */
    private interface Request {
        void sendTo(WireClient by) throws IOException, InterruptedException;
    }

    private Request request() {
        String called = name == null ? topic : name;
        if (file != null && json == null) {
            byte[] message = Frames.publish(ID, topic, called, mediaType(), bytes(file));
            return client -> client.send(message);
        }
        if (file != null || json == null) {
            throw broker.wrong("what is to be sent? Give a value in JSON, or --binary FILE");
        }
        String usualType = Frames.typeWord(json)
                .orElseThrow(
                        () -> broker.wrong("the value is not JSON (text needs double quotes within the single ones)"));
        String frame = Frames.publish(ID, topic, called, type == null ? usualType : type, json);
        return client -> client.send(frame);
    }

    private String mediaType() {
        if (type == null) {
            throw broker.wrong("what are the bytes? Give --type and their media type, for instance image/jpeg");
        }
        return type;
    }

    private byte[] bytes(Path source) {
        try {
            if (Files.size(source) > MOST_BYTES) {
                throw broker.wrong(source + " has more than " + MOST_BYTES + " bytes, which no broker takes");
            }
            return Files.readAllBytes(source);
        } catch (IOException e) {
            throw broker.wrong("--binary: " + ErrorLines.text(e));
        }
    }

    private static String accepted(String answer) throws IOException {
        if (Frames.kind(answer) == Frames.Kind.ERROR) {
            throw new IOException("refused: " + answer);
        }
        return answer;
    }

    private String answer(WireClient client, Request request) throws IOException, InterruptedException {
        request.sendTo(client);
        Optional<String> answer = client.next(ANSWER_TIMEOUT);
        return answer.orElseThrow(() ->
                new IOException("no answer within " + ANSWER_TIMEOUT.toSeconds() + " s: it may have been published"));
    }
}
