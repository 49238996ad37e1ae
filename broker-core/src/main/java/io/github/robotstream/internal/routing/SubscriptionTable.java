package io.github.robotstream.internal.routing;

import io.github.robotstream.TopicFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Who is subscribed to what: a tree with a level of the filter at each step. The broker thread changes it; any thread may
 * ask whether somebody matches.
 */
public final class SubscriptionTable {
    private static final Subscriber[] NONE = {};

    private final Node root = new Node();
    private long version;
    private long ordinals;

    private static final class Node {
        volatile Map<String, Node> children = Map.of(); // most are leaves
        volatile Subscriber[] here = NONE;

        Node child(String level) {
            if (children.isEmpty()) {
                children = new ConcurrentHashMap<>();
            }
            return children.computeIfAbsent(level, l -> new Node());
        }

        boolean isBare() {
            return here.length == 0 && children.isEmpty();
        }

        int branches() {
            return children.values().stream()
                    .mapToInt(child -> 1 + child.branches())
                    .sum();
        }
    }

    /** Changes with every change of the table; broker thread. */
    long version() {
        return version;
    }

    void add(Subscriber subscription) {
        Node node = root;
        for (String level : subscription.filter().levels()) {
            node = node.child(level);
        }
        subscription.ordinal = ++ordinals;
        Subscriber[] more = Arrays.copyOf(node.here, node.here.length + 1);
        more[more.length - 1] = subscription;
        node.here = more;
        version++;
    }

    void remove(Subscriber subscription) {
        remove(root, subscription, 0);
        version++;
    }

    private static void remove(Node node, Subscriber subscription, int depth) {
        List<String> levels = subscription.filter().levels();
        if (depth == levels.size()) {
            node.here = Arrays.stream(node.here).filter(s -> s != subscription).toArray(Subscriber[]::new);
            return;
        }
        Node child = node.children.get(levels.get(depth));
        if (child != null) {
            remove(child, subscription, depth + 1);
            if (child.isBare()) {
                node.children.remove(levels.get(depth));
            }
        }
    }

    /** Whether a message on the topic would reach anybody; any thread. */
    public boolean anyFor(String topic) {
        return reach(topic, node -> node.here.length > 0);
    }

    /** How many levels of filters the tree holds; broker thread. */
    int branches() {
        return root.branches();
    }

    /** The subscriptions that get a message on the topic, one an owner, those that name the topic first. */
    Subscriber[] matching(String topic) {
        List<Subscriber> found = new ArrayList<>();
        collect(topic, found);
        if (found.size() < 2) {
            return found.toArray(Subscriber[]::new);
        }
        found.sort(Comparator.comparing((Subscriber s) -> !s.filter().isExact()).thenComparingLong(s -> s.ordinal));
        IdentityHashMap<Object, Subscriber> byOwner = new IdentityHashMap<>();
        found.removeIf(s -> byOwner.putIfAbsent(s.owner(), s) != null);
        return found.toArray(Subscriber[]::new);
    }

    private void collect(String topic, List<Subscriber> found) {
        reach(topic, node -> {
            found.addAll(Arrays.asList(node.here));
            return false;
        });
    }

    /** Goes to all nodes whose filters match, until one is enough; then true. */
    private boolean reach(String topic, Predicate<Node> isEnough) {
        return reach(root, topic.split("/", -1), 0, TopicFilter.isReserved(topic), isEnough);
    }

    private static boolean reach(Node node, String[] levels, int depth, boolean reserved, Predicate<Node> isEnough) {
        boolean wildcards = depth > 0 || !reserved;
        Node rest = wildcards ? node.children.get("#") : null;
        if (rest != null && isEnough.test(rest)) {
            return true;
        }
        if (depth == levels.length) {
            return isEnough.test(node);
        }
        Node named = node.children.get(levels[depth]);
        if (named != null && reach(named, levels, depth + 1, reserved, isEnough)) {
            return true;
        }
        Node any = wildcards ? node.children.get("+") : null;
        return any != null && reach(any, levels, depth + 1, reserved, isEnough);
    }
}
