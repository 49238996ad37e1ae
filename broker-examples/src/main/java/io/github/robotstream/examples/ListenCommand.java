package io.github.robotstream.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A subscriber for the shell. */
@Command(
        name = "listen",
        description =
                "Subscribes to topics and prints each message on a line of its own, bytes in base64, until Ctrl-C or as --count"
                        + " and --timeout say. A subscription that is refused ends it.")
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class ListenCommand implements Callable<Integer> {
    private static final long UNLIMITED = Long.MAX_VALUE;

    /** How long to wait at a time where there is no end. */
    private static final Duration A_WHILE = Duration.ofMinutes(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ClientOptions broker = new ClientOptions();

    @Option(
            names = "--topic",
            required = true,
            paramLabel = "TOPIC",
            description = "What to listen to: a topic or a filter. May be repeated.")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--count", paramLabel = "N", description = "End after N messages.")
    private long count = UNLIMITED;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            description = "End after this time (90s, 15m, 8h, 1d); with --count, that is a failure.")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (count < 1) {
            throw broker.wrong("--count is " + count + ": it has to be 1 or more");
        }
        long begin = System.nanoTime();
        try (WireClient client = broker.connect()) {
            for (int i = 0; i < topics.size(); i++) {
                client.send(Frames.subscribe(i + 1, topics.get(i)));
            }
            return print(client, begin);
        }
    }

    private int print(WireClient client, long begin) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        for (long printed = 0; printed < count; ) {
            Duration left = timeout == null ? A_WHILE : timeout.minusNanos(System.nanoTime() - begin);
            Optional<String> frame = left.isNegative() ? Optional.empty() : client.next(left);
            if (frame.isEmpty()) {
                if (timeout != null) {
                    return endOfTime(printed);
                }
                continue;
            }
            if (isMessage(frame.get())) {
                out.println(frame.get().replaceAll("[\r\n]", " ")); // only white space between JSON tokens
                printed++;
                if (out.checkError()) {
                    return 1; // nobody reads any more
                }
            }
        }
        return 0;
    }

    private static boolean isMessage(String frame) throws IOException {
        return switch (Frames.kind(frame)) {
            case MESSAGE -> true;
            case ACK -> false;
            case ERROR -> throw new IOException("refused: " + frame);
        };
    }

    private int endOfTime(long printed) throws IOException {
        if (count != UNLIMITED) {
            throw new IOException(printed + " of " + count + " messages came in time");
        }
        return 0;
    }
}
