package io.github.robotstream.testing;

/**
 * Lengths of tests that find more the longer they run: simulations, stress, kills, crowds. By default each runs a short part, from a fixed
 * seed. {@code -Pcampaigns} runs the whole, and {@code -Drobotstream.NAME=N} sets one length by hand.
 */
public final class Campaign {
    private static final boolean WHOLE = Boolean.getBoolean("robotstream.campaigns");

    private Campaign() {}

    /**
     * Returns how long a campaign runs, in the unit that its name says.
     *
     * @param name the part of the property's name after {@code robotstream.}, as in {@code stress.runs}
     * @param part the length in a build without the profile
     * @param whole the length with {@code -Pcampaigns}
     */
    public static int length(String name, int part, int whole) {
        return Integer.getInteger("robotstream." + name, WHOLE ? whole : part);
    }

    /** Returns the first seed of a campaign: 1, or {@code -Drobotstream.NAME=N}. */
    public static long firstSeed(String name) {
        return Long.getLong("robotstream." + name, 1);
    }
}
