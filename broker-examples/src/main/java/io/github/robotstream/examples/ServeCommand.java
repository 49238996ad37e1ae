package io.github.robotstream.examples;

import io.github.robotstream.RobotStreamBroker;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A broker and nothing else: its clients bring the topics. */
@Command(
        name = "serve",
        description = "Runs a bare broker until it is told to end (SIGTERM, Ctrl-C); its clients are told 1001 then.")
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<Secret> secret = options.secret();
        if (secret.isEmpty() && !options.needsNoSecret()) {
            throw options.wrong("who may get in? Give --secret-file FILE or --jwks-file FILE for clients with a token,"
                    + " or --anonymous for everybody who reaches the port");
        }
        try (RobotStreamBroker broker = options.start(options.broker(secret))) {
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "robotstream-demo-close"));
            broker.awaitClose();
        }
        return 0;
    }
}
