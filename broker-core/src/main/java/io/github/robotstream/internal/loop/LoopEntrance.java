package io.github.robotstream.internal.loop;

/** Where robot code puts in what the broker thread is to do for it, in the order of the calls; the loop takes it out in bites. */
public interface LoopEntrance {
    /** Takes a command; any thread but the broker's. May wait for a place; after {@link #close} it stays undone. */
    void offer(Runnable command);

    /** Does what stands first; returns how much that was, 0 if nothing waits. Broker thread. */
    int take();

    /** Does what found no place in the order, looking at no more than {@code most}; broker thread. */
    void takeOverflow(int most);

    /** Whether something is to be taken soon, lest some be lost or somebody wait; any thread. */
    boolean isUrgent();

    /** Whether nothing waits; broker thread. */
    boolean isEmpty();

    /** Nothing is taken out any more. */
    void close();
}
