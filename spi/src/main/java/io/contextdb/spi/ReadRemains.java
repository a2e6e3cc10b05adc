package io.contextdb.spi;

import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Looks for what is left of erased nodes through the readers of a store: what a backend gets that does not look by itself. Edges
 * that hold no more, keys, and the words of texts do not show in this way.
 */
final class ReadRemains {
    private static final int NODES_AT_ONCE = 256;
    private static final int EVENTS_AT_ONCE = 1_000;

    private final Backend backend;
    private final ReadScope scope;
    private final Map<Remains.Kind, Long> counts = new EnumMap<>(Remains.Kind.class);

    private ReadRemains(Backend backend, ReadScope scope) {
        this.backend = backend;
        this.scope = scope;
    }

    static Remains of(Backend backend, ReadScope scope, Collection<UUID> ids) {
        ReadRemains all = new ReadRemains(backend, scope);
        List<UUID> distinct = ids.stream().distinct().toList();
        for (int from = 0; from < distinct.size(); from += NODES_AT_ONCE) {
            all.look(distinct.subList(from, Math.min(distinct.size(), from + NODES_AT_ONCE)));
        }
        return new Remains(all.counts);
    }

    private void look(List<UUID> ids) {
        List<String> subjects = ids.stream().map(UUID::toString).toList();
        look(Capability.GRAPH, Remains.Kind.NODES, () -> nodes(ids));
        look(Capability.GRAPH, Remains.Kind.EDGES, () -> edges(ids));
        look(Capability.VECTORS, Remains.Kind.POINTS, () -> points(ids, subjects));
        look(Capability.EVENTS, Remains.Kind.EVENTS, () -> events(subjects));
        look(Capability.CONSUMER_GROUPS, Remains.Kind.DEAD_LETTERS, () -> deadLetters(new HashSet<>(subjects)));
        look(Capability.DOCUMENTS, Remains.Kind.DOCUMENTS, () -> documents(subjects));
    }

    private void look(Capability needed, Remains.Kind kind, LongSupplier count) {
        if (backend.info().offers(needed)) {
            scope.deadline().check("remains");
            counts.merge(kind, count.getAsLong(), Long::sum);
        }
    }

    private long nodes(List<UUID> ids) {
        PageRequest one = PageRequest.first(1);
        return ids.stream()
                .filter(id -> !backend.graph().history(scope, id, one).items().isEmpty())
                .count();
    }

    private long edges(List<UUID> ids) {
        EdgeQuery query = new EdgeQuery(ids, Direction.BOTH, List.of(), AsOf.now(), PageRequest.first());
        long[] count = {0};
        each(page -> backend.graph().edges(scope, query.page(page)), edge -> count[0]++);
        return count[0];
    }

    private long points(List<UUID> ids, List<String> subjects) {
        long count = 0;
        for (VectorSpace space : backend.vectors().spaces(scope)) {
            Set<UUID> found = new HashSet<>();
            backend.vectors().get(scope, space.name(), ids).forEach(point -> found.add(point.id()));
            each(
                    page -> backend.vectors().scroll(scope, space.name(), about(subjects), page),
                    (VectorPoint point) -> found.add(point.id()));
            count += found.size();
        }
        return count;
    }

    private long events(List<String> subjects) {
        long count = 0;
        EventQuery next = new EventQuery(EventPosition.START, List.of(), subjects, EVENTS_AT_ONCE);
        List<Event> read;
        do {
            scope.deadline().check("remains");
            read = backend.events().read(scope, next);
            for (Event event : read) {
                count += hasPayload(event) ? 1 : 0;
                next = next.from(event.position());
            }
        } while (read.size() == EVENTS_AT_ONCE);
        return count;
    }

    private long deadLetters(Set<String> subjects) {
        long[] count = {0};
        for (ConsumerGroup group : backend.events().groups(scope)) {
            each(page -> backend.events().deadLetters(scope, group.name(), page), (DeadLetter letter) -> {
                boolean left = subjects.contains(letter.event().subject()) && hasPayload(letter.event());
                count[0] += left ? 1 : 0;
            });
        }
        return count[0];
    }

    private static boolean hasPayload(Event event) {
        return !(event.payload() instanceof Payload.Erased);
    }

    private long documents(List<String> subjects) {
        long count = 0;
        for (String collection : backend.documents().collections(scope)) {
            count += backend.documents().count(scope, collection, about(subjects));
        }
        return count;
    }

    private static Filter about(List<String> subjects) {
        return Filter.in(Field.subject(), subjects);
    }

    private <T> void each(Function<PageRequest, Page<T>> read, Consumer<T> each) {
        PageRequest request = PageRequest.first();
        Page<T> page;
        do {
            scope.deadline().check("remains");
            page = read.apply(request);
            page.items().forEach(each);
            request = request.after(page.next());
        } while (page.hasNext());
    }
}
