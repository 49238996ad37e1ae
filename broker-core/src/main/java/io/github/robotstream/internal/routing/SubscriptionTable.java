package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import io.github.robotstream.internal.topic.TopicName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to what: a tree of filters in which a chain of levels without a branch is one node, so that a subscription
 * needs two nodes at the most. The broker thread changes the table; any thread may ask whether somebody matches.
 */
public final class SubscriptionTable {
    private static final Subscriber[] NOBODY = {};
    private static final Node[] LEAF = {};
    private static final int CHANGES_KEPT = 64; // a power of two
    private static final Comparator<Subscriber> ORDER =
            Comparator.comparing((Subscriber s) -> !s.filter().isExact()).thenComparingLong(s -> s.ordinal);

    private final Node root = new Node("", LEAF, NOBODY);
    /** The filters of the last changes, by version; filters only, since a subscription would keep its session in memory. */
    private final @Nullable TopicFilter[] changes = new @Nullable TopicFilter[CHANGES_KEPT];

    private long version;
    private long ordinals;

    /** Some levels of a filter. Its arrays are replaced and never changed, so that other threads may read meanwhile. */
    private static final class Node {
        final String levels;
        volatile Node[] children; // by their first level
        volatile Subscriber[] here;

        Node(String levels, Node[] children, Subscriber[] here) {
            this.levels = levels;
            this.children = children;
            this.here = here;
        }

        @Nullable
        Node child(String text, int from) {
            Node[] all = children;
            int at = find(all, text, from);
            return at < 0 ? null : all[at];
        }

        void put(int at, Node child) {
            Node[] all = children.clone();
            all[at] = child;
            children = all;
        }

        void insert(int at, Node child) {
            Node[] all = Arrays.copyOf(children, children.length + 1);
            System.arraycopy(children, at, all, at + 1, children.length - at);
            all[at] = child;
            children = all;
        }

        void remove(int at) {
            Node[] all = Arrays.copyOf(children, children.length - 1);
            System.arraycopy(children, at + 1, all, at, all.length - at);
            children = all.length == 0 ? LEAF : all;
        }

        int nodes() {
            return Arrays.stream(children).mapToInt(child -> 1 + child.nodes()).sum();
        }
    }

    /** Changes with every change of the table; broker thread. */
    public long version() {
        return version;
    }

    /**
     * Whether what a topic matches may have changed after a version; true as well if that is too long ago to tell. Broker thread.
     */
    boolean mayHaveChanged(String topic, long since) {
        if (since < 0 || version - since > CHANGES_KEPT) {
            return true;
        }
        for (long change = since + 1; change <= version; change++) {
            TopicFilter changed = changes[(int) change & (CHANGES_KEPT - 1)];
            if (changed == null || changed.matches(topic)) {
                return true;
            }
        }
        return false;
    }

    /** What a subscription wants has changed, and with it perhaps which one of its owner's gets a message; broker thread. */
    void changed(Subscriber subscription) {
        version++;
        changes[(int) version & (CHANGES_KEPT - 1)] = subscription.filter();
    }

    void add(Subscriber subscription) {
        subscription.ordinal = ++ordinals;
        Node node = nodeOf(subscription.filter().toString());
        Subscriber[] more = Arrays.copyOf(node.here, node.here.length + 1);
        more[more.length - 1] = subscription;
        node.here = more;
        changed(subscription);
    }

    private Node nodeOf(String filter) {
        Node node = root;
        int from = 0;
        while (from <= filter.length()) {
            int at = find(node.children, filter, from);
            if (at < 0) {
                Node leaf = new Node(filter.substring(from), LEAF, NOBODY);
                node.insert(-at - 1, leaf);
                return leaf;
            }
            Node child = node.children[at];
            int common = commonLevels(child.levels, filter, from);
            if (common < child.levels.length()) {
                child = split(child, common);
                node.put(at, child);
            }
            node = child;
            from += common + 1;
        }
        return node;
    }

    private static Node split(Node node, int at) {
        Node lower = new Node(node.levels.substring(at + 1), node.children, node.here);
        return new Node(node.levels.substring(0, at), new Node[] {lower}, NOBODY);
    }

    void remove(Subscriber subscription) {
        remove(root, subscription, 0);
        changed(subscription);
    }

    private static void remove(Node node, Subscriber subscription, int from) {
        String filter = subscription.filter().toString();
        if (from > filter.length()) {
            Subscriber[] others =
                    Arrays.stream(node.here).filter(s -> s != subscription).toArray(Subscriber[]::new);
            node.here = others.length == 0 ? NOBODY : others;
            return;
        }
        int at = find(node.children, filter, from);
        if (at < 0) {
            return;
        }
        Node child = node.children[at];
        if (commonLevels(child.levels, filter, from) == child.levels.length()) {
            remove(child, subscription, from + child.levels.length() + 1);
            tidy(node, at, child);
        }
    }

    /** Takes out a node that nobody needs, or makes one of it and its only child. */
    private static void tidy(Node parent, int at, Node node) {
        if (node.here.length > 0 || node.children.length > 1) {
            return;
        }
        if (node.children.length == 0) {
            parent.remove(at);
        } else {
            Node only = node.children[0];
            parent.put(at, new Node(node.levels + "/" + only.levels, only.children, only.here));
        }
    }

    /** Whether a message on the topic would reach anybody; any thread. */
    public boolean anyFor(String topic) {
        return reach(topic, node -> node.here.length > 0);
    }

    /** Whether somebody has subscribed to the topic by its name; broker thread. */
    boolean anyByName(String topic) {
        Node node = root;
        int from = 0;
        while (from <= topic.length()) {
            Node child = node.child(topic, from);
            if (child == null || commonLevels(child.levels, topic, from) < child.levels.length()) {
                return false;
            }
            from += child.levels.length() + 1;
            node = child;
        }
        return node.here.length > 0;
    }

    int nodes() {
        return root.nodes();
    }

    /** The subscriptions that get a message on the topic, one an owner (see {@link #chosen}), those that name the topic first. */
    Subscriber[] matching(String topic) {
        List<Subscriber[]> found = new ArrayList<>();
        reach(topic, node -> {
            if (node.here.length > 0) {
                found.add(node.here);
            }
            return false;
        });
        if (found.size() < 2) {
            // An owner has one subscription of a filter, and they stand in their order: with 10,000, to sort them takes
            // 2 ms.
            return found.isEmpty() ? NOBODY : found.get(0);
        }
        Map<Object, Subscriber> byOwner = new LinkedHashMap<>();
        found.stream()
                .flatMap(Arrays::stream)
                .sorted(ORDER)
                .forEach(subscription -> byOwner.merge(subscription.owner(), subscription, SubscriptionTable::chosen));
        return byOwner.values().toArray(Subscriber[]::new);
    }

    /** Which of an owner's subscriptions to a topic gets its messages. */
    static <T extends Subscriber> T chosen(T one, T other) {
        if (one.leastSeverity() != other.leastSeverity()) {
            return one.leastSeverity() < other.leastSeverity() ? one : other;
        }
        return ORDER.compare(one, other) <= 0 ? one : other;
    }

    /** Goes to all nodes whose filters match, until one is enough; then true. */
    private boolean reach(String topic, Predicate<Node> isEnough) {
        return reach(root, topic, 0, !TopicName.isReserved(topic), isEnough);
    }

    /** As above, below a node, where the topic's next level begins at {@code from}: beyond its end if it has none. */
    private static boolean reach(Node node, String topic, int from, boolean wildcards, Predicate<Node> isEnough) {
        boolean ends = from > topic.length();
        if (ends && isEnough.test(node)) {
            return true;
        }
        if (node.children.length == 0) {
            return false;
        }
        return (wildcards && follow(node.child("#", 0), topic, from, isEnough))
                || (wildcards && !ends && follow(node.child("+", 0), topic, from, isEnough))
                || (!ends && follow(node.child(topic, from), topic, from, isEnough));
    }

    private static boolean follow(@Nullable Node child, String topic, int from, Predicate<Node> isEnough) {
        if (child == null) {
            return false;
        }
        int next = behind(child.levels, topic, from);
        return next >= 0 && reach(child, topic, next, true, isEnough);
    }

    /** Where the topic goes on behind some levels of a filter, or -1 if they do not match it. */
    private static int behind(String levels, String topic, int from) {
        int at = from;
        int level = 0;
        while (level <= levels.length()) {
            if (levels.startsWith("#", level)) {
                return topic.length() + 1;
            }
            if (at > topic.length()) {
                return -1;
            }
            int levelEnd = TopicOrder.endOfLevel(levels, level);
            int end = TopicOrder.endOfLevel(topic, at);
            if (!levels.startsWith("+", level) && TopicOrder.compare(levels, level, levelEnd, topic, at, end) != 0) {
                return -1;
            }
            level = levelEnd + 1;
            at = end + 1;
        }
        return at;
    }

    /** Where the child is whose first level is the text's next one, or -1 - where it would be. */
    private static int find(Node[] children, String text, int from) {
        int end = TopicOrder.endOfLevel(text, from);
        int low = 0;
        int high = children.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            String levels = children[middle].levels;
            int order = TopicOrder.compare(levels, 0, TopicOrder.endOfLevel(levels, 0), text, from, end);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** How many characters of some levels, which begin like the text, are whole levels of both. */
    private static int commonLevels(String levels, String text, int from) {
        int common = TopicOrder.endOfLevel(levels, 0);
        while (common < levels.length() && from + common < text.length()) {
            int end = TopicOrder.endOfLevel(levels, common + 1);
            int textEnd = TopicOrder.endOfLevel(text, from + common + 1);
            if (TopicOrder.compare(levels, common + 1, end, text, from + common + 1, textEnd) != 0) {
                break;
            }
            common = end;
        }
        return common;
    }
}
