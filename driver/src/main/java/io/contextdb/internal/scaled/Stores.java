package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stores of a URL and what each is for. Immutable. */
final class Stores {
    private final Backend source;
    private final Journal journal;
    private final @Nullable Home keys;
    private final @Nullable Home events;
    private final @Nullable Backend vectors;
    private final @Nullable Projection projection;

    /**
     * Creates it.
     *
     * @param source the store that decides, and holds every model that has no home of its own
     * @param keys home of the keys; null if they are the source's
     * @param events home of the events; null if they are the source's
     * @param vectors the store that copies the vectors; null if there is none
     */
    Stores(Backend source, @Nullable Home keys, @Nullable Home events, @Nullable Backend vectors) {
        this.source = source;
        this.journal = source.journal().orElseThrow();
        this.keys = keys;
        this.events = events;
        this.vectors = vectors;
        this.projection = vectors == null ? null : vectors.projection().orElseThrow();
    }

    Backend source() {
        return source;
    }

    Journal journal() {
        return journal;
    }

    Optional<Home> keys() {
        return Optional.ofNullable(keys);
    }

    Optional<Home> events() {
        return Optional.ofNullable(events);
    }

    Optional<Projection> projection() {
        return Optional.ofNullable(projection);
    }

    Optional<Backend> vectors() {
        return Optional.ofNullable(vectors);
    }

    /** Returns the homes, each once, in the order in which batches hold them. */
    List<Home> homes() {
        Set<Home> homes = new LinkedHashSet<>();
        keys().ifPresent(homes::add);
        events().ifPresent(homes::add);
        return List.copyOf(homes);
    }

    /** Returns all stores, each once, the source last: the others may need it to the end. */
    List<Backend> all() {
        List<Backend> all = new ArrayList<>();
        homes().forEach(home -> all.add(home.backend()));
        vectors().ifPresent(all::add);
        all.add(source);
        return all;
    }

    /** Returns the stores by the option of the URL that names them; one that is home to two models by the first of them. */
    Map<String, Backend> byOption() {
        Map<String, Backend> named = new LinkedHashMap<>();
        named.put(ScaledSettings.GRAPH.name(), source);
        homes().forEach(home -> named.put(home.name(), home.backend()));
        vectors().ifPresent(store -> named.put(ScaledSettings.VECTORS.name(), store));
        return named;
    }

    /** Returns the homes that a mutation concerns; without any it is the source's alone. */
    List<Home> homes(Mutation mutation) {
        return switch (mutation) {
            case KeyMutation key -> keys().stream().toList();
            case EventMutation event -> events().stream().toList();
            case GraphMutation.Erase erase -> homes();
            default -> List.of();
        };
    }

    /** Returns whether a mutation concerns the source. */
    boolean isForSource(Mutation mutation) {
        return mutation instanceof GraphMutation.Erase || homes(mutation).isEmpty();
    }
}
