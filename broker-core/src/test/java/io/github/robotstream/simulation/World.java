package io.github.robotstream.simulation;

import java.util.Collection;

/** What is known to all of a simulation. */
interface World {
    Collection<TopicModel> topics();

    TopicModel topic(String name);

    TopicModel.Publication publication(int id);

    /** Whether the last message that a topic has had is known. */
    boolean knowsLast(TopicModel topic);

    Moment now();

    long startedNanos();

    /** Whether something was published since the broker started, and not before. */
    boolean isOfThisRun(TopicModel.Publication publication);

    long thinAfterNanos();

    /** Notes what happens, for comparison with another run. */
    void note(String line);
}
