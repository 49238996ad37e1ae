package io.github.robotstream.examples;

import io.github.robotstream.BrokerBuilder;
import io.github.robotstream.HttpSettings;
import io.github.robotstream.RobotStreamBroker;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A broker and nothing else: its clients bring the topics. */
@Command(
        name = "serve",
        description = "Runs a bare broker until it is told to end (SIGTERM, Ctrl-C); its clients are told 1001 then.")
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Option(
            names = "--console",
            description = "Serves a page that shows topics, plots and the log, and publishes; at / on the same port.")
    private boolean console;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<Secret> secret = options.secret();
        if (secret.isEmpty() && !options.needsNoSecret()) {
            throw options.wrong("who may get in? Give --secret-file FILE or --jwks-file FILE for clients with a token,"
                    + " or --anonymous for everybody who reaches the port");
        }
        BrokerBuilder builder = options.broker(secret);
        if (console) {
            builder.http(HttpSettings::console);
        }
        try (RobotStreamBroker broker = options.start(builder)) {
            if (console) {
                options.printPage(broker, Optional.empty());
                options.out().flush();
            }
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "robotstream-demo-close"));
            broker.awaitClose();
        }
        return 0;
    }
}
