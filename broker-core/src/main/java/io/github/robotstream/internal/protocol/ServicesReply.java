package io.github.robotstream.internal.protocol;

import io.github.robotstream.internal.json.JsonWriter;

/** A page of services, in reply to a request for them, see {@link PageEntries}. For one thread. */
public final class ServicesReply {
    private final Request.Services request;
    private final PageEntries services;

    /** A page without services. */
    public ServicesReply(Request.Services request) {
        this.request = request;
        this.services = new PageEntries(request.limit());
    }

    /** Puts a service in; returns whether there was room. There is for one of any length. */
    public boolean add(ServiceNotice service) {
        JsonWriter out = new JsonWriter().beginObject().key("name").string(service.name());
        service.request().ifPresent(schema -> out.key("request").raw(schema));
        service.reply().ifPresent(schema -> out.key("reply").raw(schema));
        return services.add(out.endObject().toString());
    }

    /** How long it is so far. */
    public int characters() {
        return services.characters();
    }

    /** The frame; {@code complete} says that no more services follow. */
    public byte[] toFrame(boolean complete) {
        return services.toFrame(FrameEncoder.ack(request.mark()), "services", complete);
    }
}
