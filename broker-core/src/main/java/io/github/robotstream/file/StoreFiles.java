package io.github.robotstream.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The files in a store's directory. Tests put another in its place, which fails, tears what is written and throws away what was
 * not forced.
 */
interface StoreFiles {
    /** One open file. */
    interface StoreFile extends Closeable {
        long size() throws IOException;

        /** Reads at least a byte unless the file ends there, then -1; positions do not depend on each other. */
        int read(ByteBuffer target, long position) throws IOException;

        /** Writes all of it. */
        void write(ByteBuffer source, long position) throws IOException;

        void truncate(long size) throws IOException;

        /** Returns when all that was written is on the disk. */
        void force() throws IOException;
    }

    /** What a file is called in messages. */
    String path(String name);

    /** Makes the directory if it is not there. */
    void prepare() throws IOException;

    /** Takes the directory for this store alone until the lock is closed; empty if another has it. */
    Optional<Closeable> lock() throws IOException;

    List<String> names() throws IOException;

    /** Makes a file, empty. */
    StoreFile create(String name) throws IOException;

    /** Opens a file that is only read. */
    StoreFile open(String name) throws IOException;

    /** Shortens a file, and forces that. */
    void truncate(String name, long size) throws IOException;

    /** Gives a file the name of another one, which it replaces, in one step. */
    void replace(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Returns when names that were made, replaced and deleted are so on the disk. */
    void force() throws IOException;
}
