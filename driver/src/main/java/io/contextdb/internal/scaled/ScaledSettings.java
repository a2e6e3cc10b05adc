package io.contextdb.internal.scaled;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the URL of several stores says.
 *
 * @param graph URL of the store that decides, without {@code contextdb:}
 * @param vectors URL of the store that copies the vectors; "" for none
 * @param keys URL of the home of the keys; "" for the graph's store
 * @param events URL of the home of the events; "" for the graph's store
 * @param acknowledgement when a write returns
 * @param relays whether this process takes the others along
 * @param mostBacklog most entries that a copy may be behind
 * @param overload what happens beyond
 * @param scrub how often a copy is compared in the background; zero for never
 */
record ScaledSettings(
        String graph,
        String vectors,
        String keys,
        String events,
        Acknowledgement acknowledgement,
        boolean relays,
        long mostBacklog,
        Overload overload,
        Duration scrub) {
    static final OptionDescriptor<String> GRAPH = OptionDescriptor.text(
            "graph",
            "",
            "The store that decides and holds the graph, and every model that has no store of its own; a URL without contextdb:,"
                    + " its & # + and % percent-encoded.");
    static final OptionDescriptor<String> VECTORS =
            OptionDescriptor.text("vectors", "", "The store that copies the vectors, to search them; default none.");
    static final OptionDescriptor<String> KEYS =
            OptionDescriptor.text("keys", "", "The home of the keys and limiters; default the graph's store.");
    static final OptionDescriptor<String> EVENTS =
            OptionDescriptor.text("events", "", "The home of the events; default the graph's store.");
    static final OptionDescriptor<Acknowledgement> ACK = OptionDescriptor.choice(
            "ack",
            Acknowledgement.SOURCE,
            "When a write returns: source, once it is committed there; applied, once the copies have it too; replicated, once a"
                    + " synchronous standby of the source shows it.");
    static final OptionDescriptor<Boolean> RELAY = OptionDescriptor.flag(
            "relay", true, "Whether this process takes the other stores along; one process at least must.");
    static final OptionDescriptor<Long> BACKLOG = OptionDescriptor.integer(
            "backlog",
            100_000,
            1_000,
            1_000_000_000,
            "How many entries of the journal a copy may be behind before overload says what happens.");
    static final OptionDescriptor<Overload> OVERLOAD = OptionDescriptor.choice(
            "overload",
            Overload.SLOW,
            "What happens to writes of points while a copy is further behind than backlog says: slow, each waits 100 ms; reject,"
                    + " refused as throttled; ignore, nothing.");

    static final OptionDescriptor<Duration> SCRUB = OptionDescriptor.duration(
            "scrub",
            Duration.ofHours(24),
            Duration.ZERO,
            Duration.ofDays(365),
            "How long after the last comparison of a copy with its source a relay begins the next, in the background; 0s for never.");

    static final OptionDescriptor<Boolean> CREATE = OptionDescriptor.flag(
            "create",
            true,
            "Whether stores make what is absent of them, where they have this option too; false only looks.");

    static final List<OptionDescriptor<?>> ALL =
            List.of(GRAPH, VECTORS, KEYS, EVENTS, ACK, RELAY, BACKLOG, OVERLOAD, SCRUB, CREATE);

    ScaledSettings(BackendConfig config) {
        this(
                config.get(GRAPH),
                config.get(VECTORS),
                config.get(KEYS),
                config.get(EVENTS),
                config.get(ACK),
                config.get(RELAY),
                config.get(BACKLOG),
                config.get(OVERLOAD),
                config.get(SCRUB));
    }

    ScaledSettings {
        if (graph.isEmpty()) {
            throw new InvalidRequestException(GRAPH.name(), "must be set: " + GRAPH.description());
        }
    }

    /** Returns whether this process compares the copy in the background. */
    boolean scrubs() {
        return relays && !scrub.isZero();
    }

    /** Returns what the source must be opened with. */
    Map<String, String> demandedOfSource() {
        return acknowledgement == Acknowledgement.REPLICATED
                ? Map.of("journal", "true", "ack", "replicated")
                : Map.of("journal", "true");
    }
}
