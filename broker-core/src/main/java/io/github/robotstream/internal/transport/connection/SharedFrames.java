package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of the frames of large messages that were written last, in direct buffers: a large body goes to its subscribers one after the other,
 * and is copied, or encoded in base64, once for all of them that are not far behind the first. Where their messages differ before and behind
 * the body, only that is written anew. There are as many places as the pieces of the last two bodies need, or as may be; where none
 * is free, a lane copies for itself. Thread-safe; its lock is held while a piece is copied, never while one is written.
 */
final class SharedFrames {
    /** From this size on a copy costs more than the lock. */
    static final int LEAST_BYTES = 16 * 1024;
    /** Of base64 one piece is made of 48 KiB, in less than 0.1 ms. */
    static final int ENCODED_BYTES = 64 * 1024;
    /** Four of the largest frames, unless a setting allows larger ones. */
    static final int ENCODED_PLACES = 64;
    /**
     * Else a frame is one piece, so that it is one write where the socket takes it. In pieces of 256 KiB with others' turns between them, frames
     * of 1 MB and 4 MB as fast as they are read cost a quarter more CPU, and in pieces of 1 MiB those of 4 MB a tenth.
     */
    private static final int COPIED_BYTES = 4 << 20;

    private static final int COPIED_PLACES = 2;

    /** For what stands before and behind the body. */
    private static final int SPARE_BYTES = 1024;

    private static final byte[] NOTHING = {};

    private final int pieceBytes;
    private final int mostPlaces;
    /** In the order in which they were used last. */
    private final List<Place> places = new ArrayList<>();

    private byte[] newest = NOTHING; // of the bodies, that which was asked for last
    private byte[] second = NOTHING;

    /** A piece of a body, with what makes it a piece of the frame of a message. */
    static final class Place {
        private @Nullable OutboundMessage first; // of those with the body
        private @Nullable OutboundMessage message; // whose head and tail are here
        private int start; // in the body as it is sent
        private int copied; // how many bytes of the body are here
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        private int frameStart; // where in the frame the buffer's position is
        private int users;

        /** {@return what is left of the piece when so many bytes of the frame are sent} */
        ByteBuffer from(int sent) {
            return buffer.duplicate().position(buffer.position() + sent - frameStart);
        }

        private boolean holds(OutboundMessage other, int from) {
            return first != null && start == from && first.hasSameBody(other);
        }

        private boolean hasRoomFor(OutboundMessage other, int from, int length) {
            return holds(other, from) && buffer.capacity() >= length + 2 * SPARE_BYTES;
        }

        /** Whether it holds a piece of that body. */
        private boolean isOf(byte[] body) {
            return first != null && first.body() == body;
        }

        private void begin(OutboundMessage next, int from, int length) {
            first = null; // until there is a buffer for it
            message = null;
            start = from;
            copied = 0;
            if (buffer.capacity() < length + 2 * SPARE_BYTES) {
                buffer = ByteBuffer.allocateDirect(length + 2 * SPARE_BYTES);
            }
            first = next;
        }

        private void set(OutboundMessage next, int length) {
            message = null; // unless all of it is here
            int before = start == 0 ? before(next) : 0;
            buffer.clear();
            if (copied < length) {
                buffer.position(SPARE_BYTES + copied).limit(SPARE_BYTES + length);
                next.copyTo(buffer, next.head().length + start + copied);
                buffer.limit(buffer.capacity());
                copied = length;
            }
            if (before > 0) {
                ServerFrames.putHead(buffer.position(SPARE_BYTES - before), next);
                buffer.put(next.head());
            }
            buffer.position(SPARE_BYTES + length);
            if (start + length == next.bodyLength() && next.tail().length > 0) {
                buffer.put(next.tail());
                copied = length; // a tail covers what is behind
            }
            buffer.flip().position(SPARE_BYTES - before);
            frameStart = start == 0 ? 0 : before(next) + start;
            message = next;
        }
    }

    private SharedFrames(int pieceBytes, int mostPlaces) {
        this.pieceBytes = pieceBytes;
        this.mostPlaces = mostPlaces;
    }

    /** Those of bodies that are sent as they are. */
    static SharedFrames copied() {
        return new SharedFrames(COPIED_BYTES, COPIED_PLACES);
    }

    /** Those of bodies that are encoded as they are copied. */
    static SharedFrames encoded() {
        return new SharedFrames(ENCODED_BYTES, ENCODED_PLACES);
    }

    private static int before(OutboundMessage message) {
        return ServerFrames.headLength(message) + message.head().length;
    }

    /**
     * {@return the place that holds this message's frame from there on, until {@link #giveBack}; null if it cannot be had}
     *
     * @param sent how many bytes of the frame are passed over
     */
    synchronized @Nullable Place take(OutboundMessage message, int sent) {
        if (before(message) > SPARE_BYTES || message.tail().length > SPARE_BYTES) {
            return null;
        }
        int last = (message.bodyLength() - 1) / pieceBytes;
        int start = pieceBytes * Math.min(last, Math.max(0, sent - before(message)) / pieceBytes);
        int length = Math.min(pieceBytes, message.bodyLength() - start);
        if (message.body() != newest) {
            second = newest;
            newest = message.body();
            places.forEach(this::forgetFormer);
        }
        Place place = holding(message, start);
        if (place == null || (place.users > 0 && place.message != message)) {
            return null;
        }
        if (!place.hasRoomFor(message, start, length)) {
            place.begin(message, start, length);
        }
        if (place.message != message) {
            place.set(message, length);
        }
        if (places.isEmpty() || places.get(places.size() - 1) != place) {
            places.remove(place);
            places.add(place);
        }
        place.users++;
        return place;
    }

    /** Many places, each with a piece of another body, would keep all these bodies. */
    private void forgetFormer(Place place) {
        if (place.users == 0 && !place.isOf(newest) && !place.isOf(second)) {
            place.first = null;
            place.message = null;
        }
    }

    /** The place that has that piece, or that is to have it. */
    private @Nullable Place holding(OutboundMessage message, int start) {
        Place free = null;
        for (Place place : places) {
            if (place.holds(message, start)) {
                return place;
            }
            if (free == null && place.users == 0) {
                free = place;
            }
        }
        boolean reuses = places.size() == mostPlaces || (free != null && !free.isOf(newest) && !free.isOf(second));
        return reuses ? free : new Place();
    }

    synchronized void giveBack(Place place) {
        place.users--;
    }
}
