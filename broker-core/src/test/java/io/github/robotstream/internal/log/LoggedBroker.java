package io.github.robotstream.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.spi.TopicStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;

/** A robot as a program of its own, whose log is its output. Prints its port, waits for a line, ends. */
final class LoggedBroker {
    static final byte[] SECRET = new byte[32];

    private LoggedBroker() {}

    /** Takes nothing. */
    public static void main(String[] args) throws Exception {
        try (RobotStreamBroker broker = RobotStreamBroker.builder()
                .port(0)
                .tokenVerifier(JwtTokenVerifier.hmac(SECRET).build())
                .store(TopicStore.inMemory())
                .start()) {
            broker.subscribe(TopicFilter.of("#"), message -> System.out.println("heard " + message));
            System.out.println("port=" + broker.address().getPort());
            new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
            System.out.println(broker.sessions() + " " + broker.stats());
        }
        System.out.println("ended=1");
    }
}
