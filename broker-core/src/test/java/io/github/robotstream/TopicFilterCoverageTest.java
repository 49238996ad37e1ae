package io.github.robotstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code matches} against a second, independent reading of the rules, and {@code covers} against {@code matches}: a
 * right that covered more than it matches would let clients read what they must not.
 */
class TopicFilterCoverageTest {
    @Test
    void coversSaysExactlyWhetherEveryMatchingNameIsMatchedToo() {
        // The empty name is none, but is what /# reaches above itself: with it the rules have no exception.
        List<String> names = paths(4, List.of("", "a", "z", "$x", "server_logs"), List.of());
        List<TopicFilter> filters = paths(3, List.of("", "a", "$x", "server_logs", "+"), List.of("#")).stream()
                .filter(text -> !text.isEmpty())
                .map(TopicFilter::of)
                .toList();
        List<BitSet> matched = filters.stream().map(f -> matched(f, names)).toList();
        for (int wide = 0; wide < filters.size(); wide++) {
            for (int narrow = 0; narrow < filters.size(); narrow++) {
                BitSet outside = (BitSet) matched.get(narrow).clone();
                outside.andNot(matched.get(wide));
                assertThat(filters.get(wide).covers(filters.get(narrow)))
                        .as("%s covers %s", filters.get(wide), filters.get(narrow))
                        .isEqualTo(outside.isEmpty());
            }
        }
    }

    private static BitSet matched(TopicFilter filter, List<String> names) {
        BitSet matched = new BitSet(names.size());
        for (int i = 0; i < names.size(); i++) {
            matched.set(i, filter.matches(names.get(i)));
        }
        return matched;
    }

    /** All texts of up to so many levels; those of {@code last} stand only at the end. */
    private static List<String> paths(int maxLevels, List<String> levels, List<String> last) {
        List<String> all = new ArrayList<>();
        List<String> prefixes = List.of("");
        for (int i = 0; i < maxLevels; i++) {
            List<String> next = new ArrayList<>();
            for (String prefix : prefixes) {
                levels.forEach(level -> next.add(prefix + level));
                last.forEach(level -> all.add(prefix + level));
            }
            all.addAll(next);
            prefixes = next.stream().map(path -> path + "/").toList();
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void matchesAgreesWithARegularExpressionOnRandomNames(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            String filter = randomPath(random, List.of("a", "b", "", ".", "\\E", "$x", "server_logs", "+", "+"), "#");
            String name = randomPath(random, List.of("a", "b", "", ".", "\\E", "$x", "server_logs"), "");
            if (!filter.isEmpty() && !name.isEmpty()) {
                assertThat(TopicFilter.of(filter).matches(name))
                        .as("seed %s: %s matches %s", seed, filter, name)
                        .isEqualTo(expected(filter, name));
            }
        }
    }

    private static boolean expected(String filter, String name) {
        boolean wildFirst = filter.startsWith("+") || filter.startsWith("#");
        if (wildFirst && (name.startsWith("$") || name.equals("server_logs"))) {
            return false;
        }
        if (filter.equals("#")) {
            return true;
        }
        boolean subtree = filter.endsWith("/#");
        String levels = subtree ? filter.substring(0, filter.length() - 2) : filter;
        String regex = Pattern.compile("/")
                .splitAsStream(levels + "/.")
                .map(level -> level.equals("+") ? "[^/]*" : Pattern.quote(level))
                .collect(Collectors.joining("/"));
        regex = regex.substring(0, regex.length() - Pattern.quote(".").length() - 1);
        return name.matches(regex + (subtree ? "(/.*)?" : ""));
    }

    private static String randomPath(Random random, List<String> levels, String last) {
        List<String> path = new ArrayList<>();
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            path.add(levels.get(random.nextInt(levels.size())));
        }
        if (!last.isEmpty() && random.nextInt(3) == 0) {
            path.set(length - 1, last);
        }
        return String.join("/", path);
    }
}
