package io.github.robotstream.simulation;

import java.util.Random;

/**
 * What a client asks for in a subscribe; what is empty or 0 is not said.
 *
 * <p>A further option of the protocol has its place here, its rule in {@link SubscriptionModel}.
 */
record Options(String retained, String policy, int queue, String overflow, int rateHz, int maxAgeMs, boolean meta) {
    private static final int[] RATES = {1, 4, 20, 100};
    private static final int[] AGES = {20, 300, 3_000};

    static final Options USUAL = new Options("", "", 0, "", 0, 0, true);
    static final Options EVERYTHING = new Options("", "queue", 0, "", 0, 0, true);

    static Options random(Random random) {
        String[] retained = {"", "", "true", "false"};
        String[] policies = {"", "", "", "queue", "queue", "latest", "latest", "reliable"};
        String policy = policies[random.nextInt(policies.length)];
        boolean queues = policy.equals("queue");
        boolean leavesOut = !policy.equals("reliable");
        return new Options(
                retained[random.nextInt(retained.length)],
                policy,
                queues && random.nextBoolean() ? 1 + random.nextInt(random.nextBoolean() ? 4 : 40) : 0,
                queues && random.nextInt(3) == 0 ? random.nextBoolean() ? "drop_newest" : "drop_oldest" : "",
                leavesOut && random.nextInt(4) == 0 ? RATES[random.nextInt(RATES.length)] : 0,
                leavesOut && random.nextInt(5) == 0 ? AGES[random.nextInt(AGES.length)] : 0,
                random.nextInt(4) > 0);
    }

    Options withMeta(boolean wanted) {
        return new Options(retained, policy, queue, overflow, rateHz, maxAgeMs, wanted);
    }

    boolean wantsRetained(boolean first) {
        return retained.isEmpty() ? first : retained.equals("true");
    }

    boolean isReliable() {
        return policy.equals("reliable");
    }

    /** Whether values that newer ones have followed are dropped when they are old. */
    boolean isThinned() {
        return policy.isEmpty() && maxAgeMs == 0 && rateHz == 0;
    }

    /** Whether of each topic one message waits, and none is held back. */
    boolean keepsNewest() {
        return policy.equals("latest") && rateHz == 0;
    }

    /** Whether nothing is said of what becomes of messages that wait. */
    boolean isUsual() {
        return policy.isEmpty() && queue == 0 && overflow.isEmpty() && rateHz == 0;
    }

    long intervalNanos() {
        return 1_000_000_000L / rateHz;
    }

    long maxAgeNanos() {
        return maxAgeMs * 1_000_000L;
    }

    String json() {
        StringBuilder json = new StringBuilder("{\"meta\":").append(meta);
        if (!retained.isEmpty()) {
            json.append(",\"retained\":").append(retained);
        }
        if (!policy.isEmpty()) {
            json.append(",\"policy\":\"").append(policy).append('"');
        }
        if (!overflow.isEmpty()) {
            json.append(",\"overflow\":\"").append(overflow).append('"');
        }
        number(json, "queue", queue);
        number(json, "rate_hz", rateHz);
        number(json, "max_age_ms", maxAgeMs);
        return json.append('}').toString();
    }

    private static void number(StringBuilder json, String name, int value) {
        if (value > 0) {
            json.append(",\"").append(name).append("\":").append(value);
        }
    }
}
