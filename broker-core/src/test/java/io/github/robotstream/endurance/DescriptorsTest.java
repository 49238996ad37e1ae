package io.github.robotstream.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.robotstream.Permissions;
import io.github.robotstream.RobotStreamBroker;
import io.github.robotstream.testing.ChildJvm;
import io.github.robotstream.testing.Requests;
import io.github.robotstream.testing.SocketTestClient;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A robot whose process has no descriptor left keeps its port and its sessions, and takes clients again when there are some. */
@Timeout(120)
class DescriptorsTest {
    private static final int FEW = 200;
    private static final long PAUSE_MILLIS = 100;

    private static boolean canLimitDescriptors() throws InterruptedException {
        try {
            Process shell = new ProcessBuilder("sh", "-c", "ulimit -n " + FEW)
                    .redirectErrorStream(true)
                    .start();
            return shell.waitFor(10, TimeUnit.SECONDS) && shell.exitValue() == 0;
        } catch (IOException noShell) {
            return false;
        }
    }

    @Test
    void runningOutOfDescriptorsHarmsNoOpenSessionAndPasses() throws Exception {
        assumeTrue(canLimitDescriptors(), "no sh, or its ulimit cannot set a limit");
        try (ChildJvm robot = ChildJvm.startWithDescriptors(FEW, OpenBroker.class)) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) robot.value("port"));
            try (SocketTestClient open = SocketTestClient.connect(address)) {
                serves(open, 1);
                long begin = System.nanoTime();
                List<Socket> crowd = crowd(address);
                assertThat(takesAnother(address)).isFalse(); // or the limit was not reached
                serves(open, 2);
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> faultsTold(robot).size() > 1);
                long longest = Duration.ofNanos(System.nanoTime() - begin).toMillis();
                assertThat(last(faultsTold(robot)))
                        .as("failures to accept in %d ms, with %d ms between two", longest, PAUSE_MILLIS)
                        .isLessThanOrEqualTo(1 + longest / PAUSE_MILLIS);

                for (Socket one : crowd) {
                    one.close();
                }
                try (SocketTestClient again = connectsWithin(address, Duration.ofSeconds(20))) {
                    serves(again, 3);
                }
                serves(open, 4);
            }
            robot.goOn();
            assertThat(robot.exitCode()).isZero();
        }
    }

    /** How many failures to accept there had been, each time that the robot's log told it. */
    private static List<Long> faultsTold(ChildJvm robot) {
        return robot.output().stream()
                .filter(line -> line.contains("transport_fault: no connection could be accepted"))
                .map(line -> Long.valueOf(line.replaceAll(".*\\bfaults=(\\d+).*", "$1")))
                .toList();
    }

    private static long last(List<Long> numbers) {
        return numbers.get(numbers.size() - 1);
    }

    private static void serves(SocketTestClient client, int value) {
        client.send(Requests.subscribe("numbers" + value));
        client.send(Requests.publish("numbers" + value, "" + value));
        assertThat(client.next()).contains("numbers" + value);
    }

    /** More than there are descriptors. Those beyond stay in the backlog. */
    private static List<Socket> crowd(InetSocketAddress address) throws IOException {
        List<Socket> crowd = new ArrayList<>();
        for (int i = 0; i < 2 * FEW; i++) {
            crowd.add(new Socket(address.getAddress(), address.getPort()));
        }
        return crowd;
    }

    private static boolean takesAnother(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(1_000);
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: r\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException waits) {
            return false;
        }
    }

    private static SocketTestClient connectsWithin(InetSocketAddress address, Duration patience) throws IOException {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return SocketTestClient.connect(address);
            } catch (IOException | AssertionError notYet) {
                if (System.nanoTime() - until > 0) {
                    throw notYet;
                }
            }
        }
    }

    /** A robot as a program of its own that everybody may talk to. Prints its port, waits for a line, ends. */
    static final class OpenBroker {
        private OpenBroker() {}

        /** Takes nothing. */
        public static void main(String[] args) throws Exception {
            loadAll();
            try (RobotStreamBroker broker = RobotStreamBroker.builder()
                    .port(0)
                    .anonymousAccess(Permissions.all())
                    .start()) {
                System.out.println("port=" + broker.address().getPort());
                int line = System.in.read();
                System.out.println("read=" + line);
            }
        }

        /** A jar is held open, the folder of classes that a test has is not: from there no class can be loaded later. */
        private static void loadAll() throws Exception {
            Path root = Path.of(RobotStreamBroker.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".class")).toList()) {
                    String name = root.relativize(file).toString().replace(File.separatorChar, '.');
                    if (!name.equals("module-info.class")) {
                        Class.forName(name.substring(0, name.length() - ".class".length()));
                    }
                }
            }
        }
    }
}
