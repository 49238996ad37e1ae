package io.github.robotstream.examples;

import java.nio.file.Path;
import java.security.SecureRandom;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What tokens are signed with, long enough for HS256. No message about it shows any of it. */
final class Secret {
    /** A key for HS256 is at least as long as its hash, RFC 7518 section 3.2. */
    static final int LEAST_BYTES = 32;

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A new one for this run. */
    static Secret random() {
        byte[] bytes = new byte[LEAST_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Secret(bytes);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "Secret[" + bytes.length + " bytes]";
    }

    /** Reads the secret from the file that an option names. */
    static final class FromFile implements ITypeConverter<Secret> {
        @Override
        public Secret convert(String file) {
            byte[] bytes = SmallFile.read(Path.of(file));
            if (bytes.length < LEAST_BYTES) {
                throw new TypeConversionException("the secret in " + file + " has " + bytes.length
                        + " bytes, HS256 needs at least " + LEAST_BYTES + "; make one with: openssl rand -hex 32 > "
                        + file);
            }
            return new Secret(bytes);
        }
    }
}
