package io.github.robotstream.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Stops a robot from the shell. */
@Command(
        name = "stop",
        description =
                "Stops the robot: publishes the declared value on each stop topic that the token permits. Fails if the broker has not"
                        + " acknowledged within a second after the connection was made; the robot may be moving then.")
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class StopCommand implements Callable<Integer> {
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ClientOptions broker = new ClientOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (WireClient client = broker.connect()) {
            client.send(Frames.request(1, "stop"));
            String answer = client.next(ACK_TIMEOUT)
                    .orElseThrow(() -> new IOException("NOT STOPPED: no acknowledgement within "
                            + ACK_TIMEOUT.toMillis() + " ms. The robot may be moving"));
            if (Frames.kind(answer) != Frames.Kind.ACK) {
                throw new IOException("NOT STOPPED: " + answer);
            }
            spec.commandLine().getOut().println(answer);
            return 0;
        }
    }
}
