package io.github.robotstream.internal.transport.jws;

import java.nio.channels.SelectionKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes keys that were handled out of those a selector has selected. Java-WebSocket does that only with one whose read it hands to a worker: the
 * others would be looked at again after each selection, with a read and a write for nothing. They are taken out where its iterator does not
 * notice, which is when the last of them was handled. Selector thread.
 */
final class SelectedKeys {
    private @Nullable SelectionKey lastAsKnown;
    private int handled; // since it was looked for

    /**
     * A key was handled that is not to be taken out by Java-WebSocket. A socket that has more is selected again.
     *
     * @throws java.nio.channels.ClosedSelectorException if the server ends
     */
    void handled(SelectionKey key) {
        Set<SelectionKey> selected = key.selector().selectedKeys();
        handled++;
        // Looked for but a few times a pass, as that goes through all of them.
        if (key == lastAsKnown || handled >= selected.size()) {
            handled = 0;
            lastAsKnown = last(selected);
            if (key == lastAsKnown) {
                selected.clear();
                lastAsKnown = null;
            }
        }
    }

    private static @Nullable SelectionKey last(Set<SelectionKey> selected) {
        SelectionKey last = null;
        for (SelectionKey each : selected) {
            last = each;
        }
        return last;
    }
}
