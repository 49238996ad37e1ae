package io.github.robotstream.internal.routing;

import io.github.robotstream.internal.protocol.ServiceNotice;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What clients may call, by name, and by numbers from 1 on. Any thread. */
public final class Services {
    private final ConcurrentNavigableMap<String, Listed> byName = new ConcurrentSkipListMap<>();
    /** Copied for each that is added, of which a robot has some dozens. */
    private final List<ServiceNotice> byNumber = new CopyOnWriteArrayList<>();

    private volatile boolean closed;

    private record Listed(ServiceNotice notice, Service service) {}

    /** What answers calls. */
    public interface Service {
        /** Takes a call, whose outcome comes later. False if as many wait already as may; never blocks. */
        boolean offer(PendingCall call);

        /** {@return the JSON Schema of what it is given, if it can be told} */
        Optional<String> requestSchema();

        /** {@return the JSON Schema of what it answers, if it can be told} */
        Optional<String> replySchema();
    }

    /** Adds one for as long as the broker lives; throws IllegalArgumentException if there is one of that name. */
    public synchronized void add(String name, Service service) {
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException(
                    "service \"" + name + "\" has a handler already: one handler answers each service");
        }
        ServiceNotice notice =
                new ServiceNotice(byNumber.size() + 1, name, service.requestSchema(), service.replySchema());
        byName.put(name, new Listed(notice, service)); // first: who is told of it may call it
        byNumber.add(notice);
    }

    /** {@return the service of a name, or null} */
    public @Nullable Service find(String name) {
        Listed found = byName.get(name);
        return found == null ? null : found.service;
    }

    /** {@return what is told of the service of a number, if there is one} */
    public Optional<ServiceNotice> find(int number) {
        return number > 0 && number <= byNumber.size() ? Optional.of(byNumber.get(number - 1)) : Optional.empty();
    }

    /** {@return how many there are, which is the highest number} */
    public int count() {
        return byNumber.size();
    }

    /** {@return those behind a name, in the order of their names} */
    public Iterator<ServiceNotice> after(String name) {
        Iterator<Listed> listed = byName.tailMap(name, false).values().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return listed.hasNext();
            }

            @Override
            public ServiceNotice next() {
                return listed.next().notice;
            }
        };
    }

    /** All that go on are to come to an end. */
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }
}
