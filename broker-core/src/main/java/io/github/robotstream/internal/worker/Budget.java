package io.github.robotstream.internal.worker;

/** Bounds what waits somewhere, by number and weight, and counts as lost what does not fit. Any thread; nobody waits. */
public final class Budget {
    private final int maxItems;
    private final long maxWeight;
    private int items;
    private long weight;
    private long lost;

    /** A budget; an item heavier than {@code maxWeight} never fits. */
    public Budget(int maxItems, long maxWeight) {
        this.maxItems = maxItems;
        this.maxWeight = maxWeight;
    }

    /** Takes room for one item, or counts the item as lost. */
    public synchronized boolean take(long itemWeight) {
        if (items == maxItems || itemWeight > maxWeight - weight) {
            lost++;
            return false;
        }
        items++;
        weight += itemWeight;
        return true;
    }

    /** Gives the room of one item back. */
    public synchronized void give(long itemWeight) {
        items--;
        weight -= itemWeight;
    }

    /** Gives the room of one item back, and counts the item as lost. */
    public synchronized void lose(long itemWeight) {
        give(itemWeight);
        lost++;
    }

    /** Counts one item as lost that was not let in for another reason than want of room. */
    public synchronized void refuse() {
        lost++;
    }

    public synchronized long lost() {
        return lost;
    }
}
