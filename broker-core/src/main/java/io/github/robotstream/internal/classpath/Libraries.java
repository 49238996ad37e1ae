package io.github.robotstream.internal.classpath;

import java.security.CodeSource;
import java.util.Arrays;

/**
 * Whether the libraries on the class path are new enough. A build may bring older ones than those that the broker was built with, and
 * would fail late or not at all: slf4j-api 1.7 finds no logging of 2.0 and drops every line.
 */
public final class Libraries {
    private static final Library GSON = new Library(
            "com.google.gson.stream.JsonReader", "setStrictness", 1, "Gson 2.11.0", "com.google.code.gson:gson");
    private static final Library SLF4J =
            new Library("org.slf4j.Logger", "atLevel", 1, "slf4j-api 2.0.0", "org.slf4j:slf4j-api");
    private static final Library NIMBUS = new Library(
            "com.nimbusds.jose.jwk.source.JWKSourceBuilder",
            "refreshAheadCache",
            6,
            "nimbus-jose-jwt 10.5",
            "com.nimbusds:nimbus-jose-jwt");

    private Libraries() {}

    /**
     * A library as the broker needs it.
     *
     * @param method what versions before the wanted one do not have, with so many parameters
     */
    private record Library(String type, String method, int parameters, String wanted, String artifact) {
        void check() {
            Class<?> found = find();
            if (Arrays.stream(found.getMethods())
                    .noneMatch(m -> m.getName().equals(method) && m.getParameterCount() == parameters)) {
                throw new IllegalStateException(whereItIs(found) + " is too old: the broker needs " + wanted
                        + " or newer; set the version of " + artifact + " in your build");
            }
        }

        private Class<?> find() {
            try {
                return Class.forName(type, false, Libraries.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                        "no " + type + " was found: the broker needs " + wanted + " or newer; add " + artifact
                                + " to your build",
                        e);
            }
        }

        private static String whereItIs(Class<?> type) {
            CodeSource source = type.getProtectionDomain().getCodeSource();
            return source == null ? type.getName() : source.getLocation().getPath();
        }
    }

    /** Throws an IllegalStateException with the jar and the version wanted if Gson cannot read values as they are read here. */
    public static void checkGson() {
        GSON.check();
    }

    /** The same for nimbus-jose-jwt and public keys. Secrets need no version of it. */
    public static void checkNimbus() {
        NIMBUS.check();
    }

    /** The same for all that each broker needs. */
    public static void check() {
        checkGson();
        SLF4J.check();
    }
}
