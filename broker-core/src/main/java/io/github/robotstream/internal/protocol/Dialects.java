package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.settings.FrameStyle;
import io.github.robotstream.internal.transport.OutboundMessage;
import io.github.robotstream.internal.worker.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The project's own protocol, in two styles. Any thread. */
public final class Dialects {
    private final Dialect envelope = new InEnvelopes();
    private final Dialect flat = new Flat();

    /** {@return the dialect of clients that chose that style} */
    public Dialect of(FrameStyle style) {
        return switch (style) {
            case ENVELOPE -> envelope;
            case FLAT -> flat;
        };
    }

    /** The documented style. */
    private static class InEnvelopes implements Dialect {
        private final Pool<RequestDecoder> decoders = new Pool<>(RequestDecoder::new);
        private final MadeFrames texts = new MadeFrames(MadeFrames.Form.TEXT);

        @Override
        public void read(byte[] message, boolean binary, Consumer<Request> requests) throws RequestRejectedException {
            requests.accept(decode(message, binary));
        }

        Request decode(byte[] message, boolean binary) throws RequestRejectedException {
            RequestDecoder decoder = decoders.take();
            try {
                return binary ? decoder.decodeBinary(message) : decoder.decode(message, 0, message.length);
            } finally {
                decoders.giveBack(decoder);
            }
        }

        @Override
        public OutboundMessage delivery(Envelope message, boolean binary) {
            return binary || !message.isBinary() ? message.message() : texts.of(message);
        }

        @Override
        public OutboundMessage delivery(Envelope message, boolean binary, DeliveryNote note) {
            return binary && message.isBinary()
                    ? message.binary(note)
                    : delivery(message, binary).withTail(1, note.toTail());
        }

        @Override
        public Optional<OutboundMessage> error(RequestError error) {
            return Optional.of(OutboundMessage.text(FrameEncoder.error(error)));
        }

        @Override
        public Optional<OutboundMessage> progress(Request.Call call, String progress) {
            return Optional.of(OutboundMessage.text(FrameEncoder.progress(call, progress)));
        }

        @Override
        public OutboundMessage answer(Request.Call call, String reply) {
            return OutboundMessage.text(FrameEncoder.callAck(call, reply));
        }

        @Override
        public OutboundMessage unsubscribed(String topic, Optional<String> sub) {
            return OutboundMessage.text(FrameEncoder.unsubscribed(topic, sub));
        }

        @Override
        public OutboundMessage authExpiring(Duration left) {
            return OutboundMessage.text(FrameEncoder.authExpiring(left));
        }
    }

    /** For clients that know neither envelopes nor errors, but where they send an id. */
    private static final class Flat extends InEnvelopes {
        private final MadeFrames frames = new MadeFrames(MadeFrames.Form.FLAT);

        @Override
        Request decode(byte[] message, boolean binary) throws RequestRejectedException {
            Request request = super.decode(message, binary);
            boolean wantsMore = request instanceof Request.Subscribe subscribe
                    && (subscribe.sub().isPresent()
                            || subscribe.options().meta().orElse(false)
                            || subscribe.options().binary().orElse(false));
            if (wantsMore) {
                throw RequestRejectedException.refused(
                        request,
                        ErrorCode.BAD_REQUEST,
                        "flat frames have no place for \"sub\", \"meta\" and \"binary\": leave them out, or connect with"
                                + " frame=envelope");
            }
            return request;
        }

        @Override
        public OutboundMessage delivery(Envelope message, boolean binary) {
            return frames.of(message);
        }

        @Override
        public Optional<OutboundMessage> error(RequestError error) {
            return error.id().isEmpty() ? Optional.empty() : super.error(error);
        }
    }
}
