package io.github.robotstream.examples;

import io.github.robotstream.TopicFilter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Mints a token, as the robot's owner would do it for an operator. */
@Command(
        name = "token",
        description = "Prints a JWT (HS256) for a broker that has the same secret. Without --subscribe, --publish and"
                + " --call it names no rights, and the broker gives it all that clients can have.")
@SuppressWarnings("NullAway.Init") // picocli fills in what is required
final class TokenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--secret-file",
            required = true,
            paramLabel = "FILE",
            converter = Secret.FromFile.class,
            description = "The broker's secret: the file's bytes less one line end.")
    private Secret secret;

    @Option(
            names = "--subject",
            required = true,
            paramLabel = "NAME",
            description = "Who the token is for; seen in the robot's logs.")
    private String subject;

    @Option(
            names = "--subscribe",
            paramLabel = "FILTER",
            converter = Filter.class,
            description = "A topic that its owner may read, or a filter like joints/#. May be repeated.")
    private List<String> subscribe = new ArrayList<>();

    @Option(
            names = "--publish",
            paramLabel = "FILTER",
            converter = Filter.class,
            description = "A topic that its owner may publish on, or a filter. May be repeated.")
    private List<String> publish = new ArrayList<>();

    @Option(
            names = "--call",
            paramLabel = "FILTER",
            converter = Filter.class,
            description = "A service that its owner may call, or a filter like arm/#. May be repeated.")
    private List<String> call = new ArrayList<>();

    @Option(
            names = "--audience",
            paramLabel = "NAME",
            description = "Which robot it is for, where that was started with --audience.")
    private @Nullable String audience;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            description = "How long it is valid: 90s, 15m, 8h, 1d; 1h unless given.")
    private Duration ttl = Duration.ofHours(1);

    @Override
    public Integer call() {
        if (subject.isBlank()) {
            throw new ParameterException(spec.commandLine(), "--subject is blank: name who the token is for");
        }
        TokenMint mint = new TokenMint(secret, Clock.systemUTC(), Optional.ofNullable(audience));
        String token = subscribe.isEmpty() && publish.isEmpty() && call.isEmpty()
                ? mint.mint(subject, ttl)
                : mint.mint(subject, ttl, subscribe, publish, call);
        spec.commandLine().getOut().println(token);
        return 0;
    }

    /** Refuses what the broker would not take as a filter. */
    static final class Filter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                return TopicFilter.of(text).toString();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(ErrorLines.text(e));
            }
        }
    }
}
