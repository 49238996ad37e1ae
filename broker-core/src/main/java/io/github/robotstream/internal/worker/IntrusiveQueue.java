package io.github.robotstream.internal.worker;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A first-in first-out queue of any number of producers and one consumer, whose links are in the elements: an element is in it
 * at most once, and putting it in allocates nothing and takes no lock. A StackOverflowError between claim and link leaves the
 * element among the stranded, where the consumer finds it; only if two threads run out of stack there at once, one element has
 * to be offered again.
 */
public final class IntrusiveQueue<N extends IntrusiveQueue.Node> {
    // Not a VarHandle: the first use of one in cold code links it, which allocates and needs a deep stack.
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<IntrusiveQueue, Node> PUSHED =
            AtomicReferenceFieldUpdater.newUpdater(IntrusiveQueue.class, Node.class, "pushed");

    private static final AtomicReferenceFieldUpdater<Node, Node> NEXT =
            AtomicReferenceFieldUpdater.newUpdater(Node.class, Node.class, "next");

    private static final Node LAST = new Node() {};

    /** What was put in since the consumer took it over last, newest first. */
    private volatile @Nullable Node pushed;

    private volatile @Nullable Node stranded;
    // The consumer's: what it has taken over, oldest first.
    private @Nullable Node oldest;
    private @Nullable Node newest;
    private int gathered;

    /** An element, for one queue at a time. */
    public abstract static class Node {
        /** The element behind it, or {@link #LAST}; null in no queue. */
        private volatile @Nullable Node next;

        private @Nullable Node nextStranded;
    }

    /** Puts an element in, unless it is in a queue already; any thread. Returns whether this call has put it in. */
    public boolean offer(N element) {
        Node node = element;
        if (node.next != null || !NEXT.compareAndSet(node, null, LAST)) {
            return false;
        }
        try {
            push(node);
        } catch (Throwable outOfStack) {
            node.next = null;
            node.nextStranded = stranded;
            stranded = node;
            throw outOfStack;
        }
        return true;
    }

    private void push(Node node) {
        Node top;
        do {
            top = pushed;
            node.next = top == null ? LAST : top;
        } while (!PUSHED.compareAndSet(this, top, node));
    }

    /** Takes out the oldest element, which may be put in again from then on; null if there is none. The consumer's thread. */
    public @Nullable N poll() {
        if (oldest == null) {
            gather();
        }
        Node node = oldest;
        if (node == null) {
            return null;
        }
        Node behind = node.next;
        oldest = behind == LAST ? null : behind;
        gathered--;
        node.next = null;
        @SuppressWarnings("unchecked") // nothing else is put in
        N element = (N) node;
        return element;
    }

    /** How many elements there are to take out now; the consumer's thread. */
    public int gather() {
        if (stranded != null) {
            offerStranded();
        }
        Node top = pushed == null ? null : PUSHED.getAndSet(this, null);
        if (top != null) {
            append(top);
        }
        return gathered;
    }

    private void offerStranded() {
        Node node = stranded;
        stranded = null;
        while (node != null) {
            Node behind = node.nextStranded;
            node.nextStranded = null;
            @SuppressWarnings("unchecked") // nothing else is put in
            N element = (N) node;
            offer(element);
            node = behind;
        }
    }

    /** Turns round what was pushed and puts it behind what was taken over before. */
    private void append(Node top) {
        Node first = LAST;
        for (Node node = top; node != null && node != LAST; gathered++) {
            Node older = node.next;
            node.next = first;
            first = node;
            node = older;
        }
        Node last = oldest == null ? null : newest;
        if (last == null) {
            oldest = first;
        } else {
            last.next = first;
        }
        newest = top;
    }

    /** Whether nothing is in it; the consumer's thread. */
    public boolean isEmpty() {
        return oldest == null && pushed == null && stranded == null;
    }
}
