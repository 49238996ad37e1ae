package io.github.robotstream.internal.transport.connection;

import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.transport.frame.ServerFrames;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the large messages that were written last, in direct buffers: a large message goes to its subscribers one after the other,
 * and is copied once for all of them. Two at most, each grown to the largest it held; where none is free, a lane copies for itself.
 * Thread-safe; its lock is held while a message is copied, never while one is written.
 */
final class SharedFrames {
    /** From this size on a copy costs more than the lock. */
    static final int LEAST_BYTES = 16 * 1024;

    private final Place[] places = {new Place(), new Place()};
    private int oldest;

    /** A message as a frame. */
    static final class Place {
        private @Nullable OutboundMessage message;
        private ByteBuffer frame = ByteBuffer.allocate(0);
        private int users;

        /** {@return what is left of the frame when so many bytes of it are sent} */
        ByteBuffer from(int sent) {
            return frame.duplicate().position(sent);
        }

        private void set(OutboundMessage whole) {
            int length = ServerFrames.frameLength(whole);
            if (frame.capacity() < length) {
                frame = ByteBuffer.allocateDirect(length);
            }
            frame.clear();
            ServerFrames.putHead(frame, whole);
            whole.copyTo(frame, 0);
            frame.flip();
            message = whole;
        }
    }

    /** {@return the place that holds this message, until {@link #giveBack}; null if both are in use for others} */
    synchronized @Nullable Place take(OutboundMessage message) {
        Place place = null;
        for (Place candidate : places) {
            if (candidate.message == message) {
                place = candidate;
            }
        }
        if (place == null) {
            place = places[oldest].users == 0 ? places[oldest] : places[1 - oldest];
            if (place.users > 0) {
                return null;
            }
            place.set(message);
            oldest = place == places[0] ? 1 : 0;
        }
        place.users++;
        return place;
    }

    synchronized void giveBack(Place place) {
        place.users--;
    }
}
