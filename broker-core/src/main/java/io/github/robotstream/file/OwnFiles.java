package io.github.robotstream.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only their owner may read and write, where files have such rights: they hold what clients need permission for. */
final class OwnFiles {
    private static final FileAttribute<?> OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private OwnFiles() {}

    /** Opens a file. One that is there keeps the rights that it has. */
    static FileChannel open(Path file, OpenOption... options) throws IOException {
        boolean hasRights = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return FileChannel.open(
                file, Set.of(options), hasRights ? new FileAttribute<?>[] {OWNER_ALONE} : new FileAttribute<?>[0]);
    }
}
