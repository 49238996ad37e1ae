package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the large messages that were written last, in direct buffers: a large body goes to its subscribers one after the other, and
 * is copied once for all of them. Where their messages differ before and behind the body, only that is written anew. Two places at most,
 * each grown to the largest it held; where none is free, or for a larger message, a lane copies for itself. Thread-safe; its lock is held
 * while a body is copied, never while a frame is written.
 */
final class SharedFrames {
    /** From this size on a copy costs more than the lock. */
    static final int LEAST_BYTES = 16 * 1024;
    /** What a place grows to. */
    static final int MOST_BYTES = 4 << 20;

    /** For what stands before and behind the body in messages that share it, beside what the first one has. */
    private static final int SPARE_BYTES = 1024;

    private static final byte[] NOTHING = {};

    private final Place[] places = {new Place(), new Place()};
    private int oldest;

    /** A body, with what makes it the frame of a message. */
    static final class Place {
        private @Nullable OutboundMessage message;
        private byte[] body = NOTHING;
        private int copied; // how many bytes of the body are here
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        private int bodyStart;
        private int users;

        /** {@return what is left of the frame when so many bytes of it are sent} */
        ByteBuffer from(int sent) {
            return buffer.duplicate().position(buffer.position() + sent);
        }

        private boolean hasRoomFor(OutboundMessage next) {
            int before = ServerFrames.headLength(next) + next.head().length;
            return before <= bodyStart && bodyStart + next.bodyLength() + next.tail().length <= buffer.capacity();
        }

        private void begin(OutboundMessage first) {
            message = null;
            body = NOTHING; // until there is a buffer for it
            copied = 0;
            bodyStart = ServerFrames.headLength(first) + first.head().length + SPARE_BYTES;
            int least = bodyStart + first.bodyLength() + first.tail().length + SPARE_BYTES;
            if (buffer.capacity() < least) {
                buffer = ByteBuffer.allocateDirect(least);
            }
            body = first.body();
        }

        private void set(OutboundMessage next) {
            int before = ServerFrames.headLength(next) + next.head().length;
            buffer.clear().position(bodyStart - before);
            ServerFrames.putHead(buffer, next);
            buffer.put(next.head());
            int length = next.bodyLength();
            if (copied < length) {
                buffer.position(bodyStart + copied).put(body, copied, length - copied);
            }
            buffer.position(bodyStart + length).put(next.tail());
            copied = next.tail().length == 0 ? Math.max(copied, length) : length; // a tail covers what is behind
            buffer.flip().position(bodyStart - before);
            message = next;
        }
    }

    /** {@return the place that holds this message's frame, until {@link #giveBack}; null if it cannot be had} */
    synchronized @Nullable Place take(OutboundMessage message) {
        if (message.length() > MOST_BYTES) {
            return null;
        }
        Place place = holding(message);
        if (place.message != message) {
            if (place.users > 0) {
                return null;
            }
            if (place.body != message.body() || !place.hasRoomFor(message)) {
                place.begin(message);
            }
            place.set(message);
        }
        oldest = place == places[0] ? 1 : 0;
        place.users++;
        return place;
    }

    /** The place that has the body of a message, or that is to have it. */
    private Place holding(OutboundMessage message) {
        for (Place place : places) {
            if (place.body == message.body()) {
                return place;
            }
        }
        return places[oldest].users == 0 ? places[oldest] : places[1 - oldest];
    }

    synchronized void giveBack(Place place) {
        place.users--;
    }
}
