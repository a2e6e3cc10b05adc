package io.contextdb.backend.embedded;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.OptionDescriptor;
import java.util.List;

/**
 * What a store is opened with.
 *
 * @param durability what an acknowledgement promises
 * @param cacheBytes memory for pages and for records read often, together
 * @param readers most reads at a time
 * @param lostCommits what to do where acknowledged commits are gone
 */
record Settings(Durability durability, long cacheBytes, int readers, LostCommits lostCommits) {
    /** What an acknowledgement promises. */
    enum Durability {
        /** The commit is on the disk: it survives a loss of power. */
        FULL,
        /** The commit is with the operating system: it survives the end of the process, however sudden. */
        OS
    }

    /** What to do where acknowledged commits are gone, since a file was damaged, cut off or lost. */
    enum LostCommits {
        /** The store is not opened; the error says what is gone. */
        REFUSE,
        /** The store is opened with what is whole. */
        ACCEPT
    }

    private static final OptionDescriptor<Durability> DURABILITY = OptionDescriptor.choice(
            "durability",
            Durability.FULL,
            "what an acknowledged write survives: full also a loss of power, os any end of the process");
    private static final OptionDescriptor<Long> CACHE = OptionDescriptor.integer(
            "cacheMegabytes",
            128,
            8,
            65_536,
            "memory for pages of the store, and for nodes, edges and points read often");
    private static final OptionDescriptor<Long> READERS =
            OptionDescriptor.integer("readers", 8, 1, 128, "most reads at a time; others wait for their turn");

    private static final OptionDescriptor<LostCommits> LOST = OptionDescriptor.choice(
            "lostCommits",
            LostCommits.REFUSE,
            "where acknowledged commits are gone with a damaged file: refuse to open the store, or accept what is whole");
    private static final OptionDescriptor<Boolean> CREATE = OptionDescriptor.flag(
            "create", true, "whether to make a store where there is none; if not, that is an error");

    static final List<OptionDescriptor<?>> OPTIONS = List.of(DURABILITY, CACHE, READERS, LOST, CREATE);

    /** Returns whether a store may be made; that is of one opening, and not of the store that openings share. */
    static boolean mayCreate(BackendConfig config) {
        return config.get(CREATE);
    }

    static Settings of(BackendConfig config) {
        return new Settings(
                config.get(DURABILITY),
                config.get(CACHE) << 20,
                config.get(READERS).intValue(),
                config.get(LOST));
    }
}
