package io.github.robotstream.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/** The test that has started this program as a {@link ChildJvm}. */
public final class Parent {
    private static final BufferedReader IN = new BufferedReader(new InputStreamReader(System.in, UTF_8));

    private Parent() {}

    /** Tells it a number, for {@link ChildJvm#value}. */
    public static void tell(String name, long value) {
        System.out.println(name + "=" + value);
    }

    /** Waits until it says {@link ChildJvm#goOn}, or has ended. */
    public static void awaitGoOn() throws IOException {
        IN.readLine();
    }
}
