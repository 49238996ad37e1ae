package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.robotstream.file.FileTopicStore;
import io.github.robotstream.jwt.JwtKey;
import io.github.robotstream.jwt.JwtTokenSigner;
import io.github.robotstream.jwt.JwtTokenVerifier;
import io.github.robotstream.jwt.TokenClaims;
import io.github.robotstream.spi.AccessRequest;
import io.github.robotstream.spi.LogEntry;
import io.github.robotstream.spi.LogSink;
import io.github.robotstream.spi.TokenRejectedException;
import io.github.robotstream.spi.TokenVerifier;
import io.github.robotstream.spi.TopicStore;
import io.github.robotstream.testing.Sources;
import io.github.robotstream.testing.TestCertificate;
import io.github.robotstream.testing.Tokens;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever gives the library null is told so where it was given, by the name of the parameter or of the setting. */
class NullArgumentsTest {
    /** What the broker calls and nobody else; {@code ServiceCall} is the broker's, and its {@code progress} takes null as a value. */
    private static final Set<Class<?>> CALLED_BY_THE_BROKER = Set.of(
            BrokerListener.class,
            LogSink.class,
            ServiceCall.class,
            ServiceHandler.class,
            TokenVerifier.class,
            TopicCodec.class,
            TopicListener.class,
            TopicStore.class);

    private static final Topic<Double> COMMAND = Topic.command("cmd", "float", Double.class);
    private static final byte[] SECRET = new byte[32];

    private final Map<Class<?>, Object> values = new HashMap<>();
    private RobotStreamBroker broker;

    @BeforeEach
    void makeValues() throws Exception {
        BrokerBuilder builder = RobotStreamBroker.builder()
                .withoutNetwork()
                .logSink(LogSink.none())
                .topic(COMMAND, settings -> {
                    settings.leased();
                    put(TopicSettings.class, settings);
                });
        builder.http(settings -> put(HttpSettings.class, settings));
        builder.limits(settings -> put(Limits.class, settings));
        broker = builder.start();
        put(RobotStreamBroker.class, broker);
        put(BrokerBuilder.class, RobotStreamBroker.builder());
        put(AccessControl.class, broker.access());
        put(ControlLease.class, broker.lease(COMMAND));
        put(Input.class, broker.input(COMMAND));
        put(SubscriptionSettings.class, new SubscriptionSettings());
        put(Topic.class, COMMAND);
        put(TopicFilter.class, TopicFilter.of("a"));
        put(Permissions.class, Permissions.none());
        put(ClientPrincipal.class, ClientPrincipal.of("a", Permissions.none()));
        put(Sender.class, Sender.ROBOT);
        put(Payload.class, Payload.of("a", "float", "1"));
        put(AgeSummary.class, new AgeSummary(0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        put(RequestRate.class, RequestRate.unlimited());
        put(TlsSettings.class, TlsSettings.pem(Path.of("a"), Path.of("b")));
        put(LogEntry.Builder.class, LogEntry.of(LogEntry.Level.INFO, "a", "b"));
        put(LogEntry.Level.class, LogEntry.Level.INFO);
        put(TokenRejectedException.Reason.class, TokenRejectedException.Reason.TOKEN_INVALID);
        put(JwtKey.class, JwtKey.hmac(SECRET));
        put(JwtTokenSigner.class, JwtTokenSigner.hmac(SECRET));
        put(Service.class, Service.of("a", Object.class, Object.class));
        put(FileTopicStore.Builder.class, FileTopicStore.builder(Path.of("a")));
        AccessRequest request = new AccessRequest(
                Optional.of(new Tokens(SECRET).endingIn(Duration.ofHours(1), "a")),
                InetSocketAddress.createUnresolved("robot", 1),
                "/wss",
                Optional.empty());
        put(AccessRequest.class, request);
        JwtTokenVerifier.hmac(SECRET)
                .permissions(claims -> {
                    put(TokenClaims.class, claims);
                    return Permissions.none();
                })
                .build()
                .verify(request);
        put(JwtTokenVerifier.hmac(SECRET).getClass(), JwtTokenVerifier.hmac(SECRET));
        put(TopicListener.class, (TopicListener<Object>) value -> {});
        put(TopicCodec.class, new TopicCodec<Double>() {
            @Override
            public String encode(Double value) {
                return value.toString();
            }

            @Override
            public Double decode(String json) {
                return Double.valueOf(json);
            }
        });
        put(ServiceHandler.class, (ServiceHandler<Object, Object>) (question, call) -> question);
        put(Consumer.class, (Consumer<Object>) settings -> {});
        put(Function.class, Function.identity());
        put(Executor.class, (Executor) Runnable::run);
        put(SSLContext.class, SSLContext.getDefault());
        put(PublicKey.class, TestCertificate.SHARED.certificate().getPublicKey());
        put(Duration.class, Duration.ofMinutes(1));
        put(Instant.class, Instant.EPOCH);
        put(Clock.class, Clock.systemUTC());
        put(Path.class, Path.of("a"));
        put(URI.class, URI.create("https://id.example/keys"));
        put(InetSocketAddress.class, InetSocketAddress.createUnresolved("robot", 1));
        put(Optional.class, Optional.empty());
        put(List.class, List.of());
        put(Map.class, Map.of());
        put(Class.class, Double.class);
        put(Object.class, 1.5);
        put(String.class, "a");
        put(ByteBuffer.class, ByteBuffer.allocate(8));
        put(byte[].class, SECRET);
        put(char[].class, new char[] {'a'});
        put(String[].class, new String[] {"a"});
        put(int.class, 16);
        put(long.class, 4_096L);
        put(double.class, 1.0);
        put(boolean.class, true);
    }

    private void put(Class<?> type, Object value) {
        values.put(type, value);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    /** The types of the public API, as {@code PublicApiTest} has them in its file. */
    private static Set<Class<?>> types() throws Exception {
        Set<String> names = new TreeSet<>();
        for (String line :
                Files.readAllLines(Sources.project().resolve("broker-core/src/test/resources/public-api.txt"))) {
            names.add("io.github.robotstream." + line.substring(0, line.indexOf(' ')));
        }
        Set<Class<?>> types = new LinkedHashSet<>();
        for (String name : names) {
            types.add(Class.forName(name));
        }
        return types;
    }

    private static Stream<Executable> callable(Class<?> type) {
        return Stream.<Executable>concat(
                        Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                .filter(member -> Modifier.isPublic(member.getModifiers()) && !member.isSynthetic())
                .filter(member -> !isForTheBroker(type, member) && !isOfEveryClass(type, member));
    }

    private static boolean isForTheBroker(Class<?> type, Executable member) {
        return !Modifier.isStatic(member.getModifiers())
                && CALLED_BY_THE_BROKER.stream()
                        .filter(called -> called.isAssignableFrom(type))
                        .flatMap(called -> Arrays.stream(called.getMethods()))
                        .anyMatch(method -> method.getName().equals(member.getName()));
    }

    private static boolean isOfEveryClass(Class<?> type, Executable member) {
        return member.getName().equals("equals")
                || (type.isEnum() && member.getName().equals("valueOf"));
    }

    /** Good ones, but for null at an index. */
    private Object[] arguments(Executable member, int index) {
        Object[] arguments = new Object[member.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            Class<?> type = member.getParameterTypes()[i];
            if (i != index) {
                arguments[i] = values.get(type);
                assertThat(arguments[i])
                        .as("a value of %s for %s", type, member)
                        .isNotNull();
            }
        }
        return arguments;
    }

    private Optional<Throwable> thrown(Class<?> type, Executable member, Object[] arguments) throws Exception {
        try {
            if (member instanceof Constructor<?> constructor) {
                constructor.newInstance(arguments);
            } else {
                ((Method) member).setAccessible(true);
                ((Method) member).invoke(values.get(type), arguments);
            }
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(e.getCause());
        }
    }

    private void check(Class<?> type, Executable member, int index, Object[] arguments, List<String> faults)
            throws Exception {
        Parameter parameter = member.getParameters()[index];
        Optional<Throwable> thrown = thrown(type, member, arguments);
        boolean isRefused = thrown.filter(
                        t -> t instanceof NullPointerException || t instanceof IllegalArgumentException)
                .map(Throwable::getMessage)
                .filter(text -> !text.startsWith("Cannot ")) // the JVM's own, of a null that got further
                .filter(text -> text.contains(parameter.getName()) || text.contains(member.getName()))
                .isPresent();
        if (!isRefused) {
            faults.add(type.getSimpleName() + "." + member.getName() + " takes null as " + parameter.getName() + ": "
                    + thrown.map(Throwable::toString).orElse("nothing thrown"));
        }
    }

    @Test
    void nullIsRefusedWhereItIsGivenByTheNameOfTheParameterOrOfTheSetting() throws Exception {
        List<String> faults = new ArrayList<>();
        int asked = 0;
        for (Class<?> type : types()) {
            for (Executable member : callable(type).toList()) {
                for (int i = 0; i < member.getParameterCount(); i++) {
                    if (!member.getParameterTypes()[i].isPrimitive()) {
                        Object[] arguments = arguments(member, i);
                        check(type, member, i, arguments, faults);
                        if (member.isVarArgs()) {
                            arguments[i] = Array.newInstance(member.getParameterTypes()[i].getComponentType(), 1);
                            check(type, member, i, arguments, faults);
                        }
                        asked++;
                    }
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(asked).isGreaterThan(150);
    }
}
