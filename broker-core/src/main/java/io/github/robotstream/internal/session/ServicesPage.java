package io.github.robotstream.internal.session;

import io.github.robotstream.Permissions;
import io.github.robotstream.internal.protocol.Request;
import io.github.robotstream.internal.protocol.ServiceNotice;
import io.github.robotstream.internal.protocol.ServicesReply;
import io.github.robotstream.internal.routing.Services;
import io.github.robotstream.internal.routing.Work;
import java.util.Iterator;

/** A page of the services that a client may call, made in bounded steps. Broker thread. */
final class ServicesPage {
    private final Permissions permissions;
    private final Iterator<ServiceNotice> services;
    private final ServicesReply reply;
    private final int looks;
    private boolean full;

    ServicesPage(Request.Services request, Permissions permissions, Services services) {
        this.permissions = permissions;
        this.services = services.after(request.after().orElse(""));
        this.reply = new ServicesReply(request);
        this.looks = looks(permissions);
    }

    /** {@return what it costs to compare a service's name with all rights} */
    static int looks(Permissions permissions) {
        return 1 + permissions.callFilters().size() / TopicsPage.RIGHTS_A_LOOK;
    }

    /** Does a piece of it; returns whether it is done. */
    boolean goOn(Work work) {
        while (!full && services.hasNext()) {
            if (!work.take(looks)) {
                return false;
            }
            read(services.next(), work);
        }
        return true;
    }

    private void read(ServiceNotice service, Work work) {
        if (permissions.mayCall(service.name())) {
            int before = reply.characters();
            full = !reply.add(service);
            work.take((reply.characters() - before) / TopicsPage.CHARACTERS_A_LOOK);
        }
    }

    /** The reply, once it is done. */
    byte[] toFrame() {
        return reply.toFrame(!full);
    }
}
