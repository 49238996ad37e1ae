package io.github.robotstream.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import picocli.CommandLine.TypeConversionException;

/** Files that hold a secret, a token or certificates: their bytes, less the one line end that an editor or {@code echo} leaves. */
final class SmallFile {
    private static final int MOST_BYTES = 64 * 1024;

    private SmallFile() {}

    static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new TypeConversionException(
                        file + " has more than " + MOST_BYTES + " bytes: is it the right file?");
            }
            return withoutLineEnd(bytes);
        } catch (NoSuchFileException e) {
            throw new TypeConversionException("there is no file " + file);
        } catch (AccessDeniedException e) {
            throw new TypeConversionException(ErrorLines.text(e));
        } catch (IOException e) {
            throw new TypeConversionException("cannot read " + file + " (" + ErrorLines.text(e) + ")");
        }
    }

    /**
     * Writes a new file.
     *
     * @param permissions as {@code ls} shows them, from the first byte on; without meaning where files have no such permissions
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     */
    static void create(Path file, String text, String permissions) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        } else {
            Files.createFile(file);
        }
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }

    static byte[] withoutLineEnd(byte[] bytes) {
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == '\n') {
            end--;
            if (end > 0 && bytes[end - 1] == '\r') {
                end--;
            }
        }
        return Arrays.copyOf(bytes, end);
    }
}
