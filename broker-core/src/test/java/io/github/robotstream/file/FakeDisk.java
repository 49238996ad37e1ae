package io.github.robotstream.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory that keeps its word and no more: a crash throws away names and bytes that were not forced, tears what was
 * being written at any byte, and leaves zeros where blocks were not written. It can be full, read-only, or fail to force.
 */
final class FakeDisk implements StoreFiles {
    private static final int BLOCK = 512;

    /** A write, or with no bytes a truncation. */
    private record Change(long position, byte[] bytes) {}

    private static final class Node {
        byte[] content = {};
        byte[] forced = {};
        final List<Change> unforced = new ArrayList<>();

        void apply(Change change) {
            content = applied(content, change);
            unforced.add(change);
        }
    }

    private Map<String, Node> names = new TreeMap<>();
    private Map<String, Node> forcedNames = new TreeMap<>();
    /** The names after each change since they were forced. */
    private final List<Map<String, Node>> unforcedNames = new ArrayList<>();

    private boolean locked;
    private long room = Long.MAX_VALUE;
    private boolean readOnly;
    private int forcesUntilFailure = Integer.MAX_VALUE;
    private int failedForces;
    private long written;
    private int opened;

    private static byte[] applied(byte[] content, Change change) {
        if (change.bytes().length == 0) {
            return Arrays.copyOf(content, (int) change.position());
        }
        int end = (int) change.position() + change.bytes().length;
        byte[] larger = content.length >= end ? content.clone() : Arrays.copyOf(content, end);
        System.arraycopy(change.bytes(), 0, larger, (int) change.position(), change.bytes().length);
        return larger;
    }

    /** How many bytes can still be written. */
    FakeDisk room(long bytes) {
        room = bytes;
        return this;
    }

    FakeDisk readOnly(boolean value) {
        readOnly = value;
        return this;
    }

    /** After so many more calls one to force fails, and what it was to force will never be on the disk. */
    FakeDisk failForceAfter(int calls) {
        forcesUntilFailure = calls;
        return this;
    }

    /** Whether nothing keeps it from being written. */
    boolean isSound() {
        return room == Long.MAX_VALUE && !readOnly;
    }

    int failedForces() {
        return failedForces;
    }

    long written() {
        return written;
    }

    /** How many files are open. */
    int opened() {
        return opened;
    }

    boolean isForced() {
        return names.values().stream().allMatch(node -> Arrays.equals(node.forced, node.content));
    }

    long size() {
        return names.values().stream().mapToLong(node -> node.content.length).sum();
    }

    byte[] content(String name) {
        return node(name).content.clone();
    }

    /** Changes what is on the disk. */
    void content(String name, byte[] bytes) {
        Node node = names.computeIfAbsent(name, n -> new Node());
        node.content = bytes.clone();
        node.forced = bytes.clone();
        node.unforced.clear();
        forcedNames.put(name, node);
    }

    /** The newest segment. */
    String lastSegment() {
        return names.keySet().stream()
                .filter(name -> Segment.numberOf(name).isPresent())
                .max(String::compareTo)
                .orElseThrow();
    }

    /** The power fails. What was not forced may be there as a whole or in part, or not. */
    void crash(Random random) {
        int kept = random.nextInt(unforcedNames.size() + 1);
        names = new TreeMap<>(kept == 0 ? forcedNames : unforcedNames.get(kept - 1));
        names.values().forEach(node -> {
            node.content = afterCrash(node, random);
            node.forced = node.content;
            node.unforced.clear();
        });
        restart();
    }

    /** The process ends; what it has written is written. */
    void kill() {
        restart();
    }

    private void restart() {
        forcedNames = new TreeMap<>(names);
        unforcedNames.clear();
        locked = false;
        opened = 0;
    }

    private static byte[] afterCrash(Node node, Random random) {
        byte[] content = node.forced;
        int mode = random.nextInt(4);
        for (Change change : mode == 0 ? List.<Change>of() : node.unforced) {
            byte[] bytes = change.bytes().clone();
            if (mode == 1 && random.nextInt(node.unforced.size()) == 0) {
                bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                return bytes.length == 0 ? content : applied(content, new Change(change.position(), bytes));
            }
            if (mode == 2) {
                for (int i = 0; i < bytes.length; i += BLOCK) {
                    if (random.nextInt(4) == 0) {
                        Arrays.fill(bytes, i, Math.min(bytes.length, i + BLOCK), (byte) 0);
                    }
                }
            }
            content = applied(content, new Change(change.position(), bytes));
        }
        return content;
    }

    private Node node(String name) {
        Node node = names.get(name);
        if (node == null) {
            throw new NoSuchElementException(name + " is none of " + names.keySet());
        }
        return node;
    }

    private void checkWritable() throws IOException {
        if (readOnly) {
            throw new IOException("Read-only file system");
        }
    }

    @Override
    public String path(String name) {
        return "/fake/" + name;
    }

    @Override
    public void prepare() {}

    @Override
    public Optional<Closeable> lock() throws IOException {
        checkWritable();
        if (locked) {
            return Optional.empty();
        }
        locked = true;
        return Optional.of(() -> locked = false);
    }

    @Override
    public List<String> names() {
        return List.copyOf(names.keySet());
    }

    @Override
    public StoreFile create(String name) throws IOException {
        checkWritable();
        if (room < 1) {
            throw new IOException("No space left on device");
        }
        Node node = new Node();
        names.put(name, node);
        namesChanged();
        opened++;
        return new Open(node);
    }

    private void namesChanged() {
        unforcedNames.add(new HashMap<>(names));
    }

    @Override
    public StoreFile open(String name) {
        opened++;
        return new Open(node(name));
    }

    @Override
    public void truncate(String name, long size) throws IOException {
        try (StoreFile file = open(name)) {
            file.truncate(size);
            file.force();
        }
    }

    @Override
    public void replace(String from, String to) throws IOException {
        checkWritable();
        names.put(to, node(from));
        names.remove(from);
        namesChanged();
    }

    @Override
    public void delete(String name) throws IOException {
        checkWritable();
        Node node = names.remove(name);
        if (node != null) {
            room += room == Long.MAX_VALUE ? 0 : node.content.length;
        }
        namesChanged();
    }

    @Override
    public void force() throws IOException {
        checkForce();
        forcedNames = new TreeMap<>(names);
        unforcedNames.clear();
    }

    private void checkForce() throws IOException {
        if (--forcesUntilFailure <= 0) {
            forcesUntilFailure = Integer.MAX_VALUE;
            failedForces++;
            throw new IOException("Input/output error");
        }
    }

    private final class Open implements StoreFile {
        private final Node node;
        private boolean closed;

        Open(Node node) {
            this.node = node;
        }

        @Override
        public long size() {
            return node.content.length;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            int bytes = (int) Math.min(target.remaining(), node.content.length - position);
            if (bytes <= 0) {
                return -1;
            }
            target.put(node.content, (int) position, bytes);
            return bytes;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            checkWritable();
            byte[] bytes = new byte[(int) Math.min(room, source.remaining())];
            source.get(bytes);
            room -= room == Long.MAX_VALUE ? 0 : bytes.length;
            written += bytes.length;
            if (bytes.length > 0) {
                node.apply(new Change(position, bytes));
            }
            if (source.hasRemaining()) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            checkWritable();
            room += room == Long.MAX_VALUE ? 0 : Math.max(0, node.content.length - size);
            node.apply(new Change(size, new byte[0]));
        }

        @Override
        public void force() throws IOException {
            try {
                checkForce();
                node.forced = node.content;
            } finally {
                node.unforced.clear();
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                opened--;
            }
        }
    }
}
