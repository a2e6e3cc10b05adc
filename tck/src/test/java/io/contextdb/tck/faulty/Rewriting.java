package io.contextdb.tck.faulty;

import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkStep;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation.PutKey;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Changes all things of a type inside of queries, batches and answers, parts before wholes; what has none is kept as it is. */
final class Rewriting {
    private Rewriting() {}

    /** Returns a value with everything of a type changed; in lists, what becomes null is left out. */
    static <T> @Nullable Object within(@Nullable Object value, Class<T> type, Function<T, ?> change) {
        if (value == null) {
            return null;
        }
        Object whole = parts(value, part -> within(part, type, change));
        return type.isInstance(whole) ? change.apply(type.cast(whole)) : whole;
    }

    /** Returns an answer with its list changed, or each of its lists. */
    @SuppressWarnings("unchecked")
    static <T> @Nullable Object items(@Nullable Object answer, UnaryOperator<List<T>> change) {
        if (answer instanceof Page<?> page) {
            return new Page<>(change.apply((List<T>) page.items()), page.next());
        }
        if (answer instanceof List<?> list) {
            return !list.isEmpty() && list.get(0) instanceof List
                    ? list.stream().map(inner -> items(inner, change)).toList()
                    : change.apply((List<T>) list);
        }
        return answer;
    }

    private static Object parts(Object whole, Function<@Nullable Object, @Nullable Object> part) {
        return switch (whole) {
            case Collection<?> list -> list(list, part);
            case Map<?, ?> map -> map(map, part);
            case Record record -> record(record, part);
            case NodeDraft draft -> {
                NodeDraft other = NodeDraft.of(draft.id(), (NodeContent) part.apply(draft.content()));
                NodeDraft begun = draft.validFrom().map(other::validFrom).orElse(other);
                yield draft.validTo().equals(Interval.OPEN) ? begun : begun.validTo(draft.validTo());
            }
            case EdgeDraft draft -> {
                EdgeDraft other = EdgeDraft.of(draft.id(), (EdgeContent) part.apply(draft.content()));
                yield draft.validFrom()
                        .map(from -> other.valid(new Interval(from, draft.validTo())))
                        .orElse(other);
            }
            case EventDraft draft -> {
                EventDraft other = EventDraft.of(
                                draft.type(), (io.contextdb.spi.event.Payload) part.apply(draft.payload()))
                        .about(draft.subject());
                yield draft.time().map(other::at).orElse(other);
            }
            case PutKey put -> {
                Object condition = part.apply(put.condition());
                yield condition == put.condition() ? put : put.onlyIf((Condition) condition);
            }
            case VectorPoint point -> {
                Object properties = part.apply(point.properties());
                yield properties == point.properties()
                        ? point
                        : point.toBuilder().properties((PropertyMap) properties).build();
            }
            case WalkStep step -> {
                Node node = (Node) part.apply(step.node());
                yield step.reachedBy()
                        .map(edge -> WalkStep.reached(node, step.depth(), step.pathWeight(), edge))
                        .orElseGet(() -> WalkStep.seed(node));
            }
            case NodeChange change ->
                change.node()
                        .map(node -> NodeChange.of(change.kind(), (Node) part.apply(node)))
                        .orElse(change);
            default -> whole;
        };
    }

    private static Object list(Collection<?> list, Function<@Nullable Object, @Nullable Object> part) {
        List<@Nullable Object> others = new ArrayList<>();
        boolean changed = false;
        for (Object element : list) {
            Object other = part.apply(element);
            changed |= other != element;
            if (other != null || element == null) {
                others.add(other);
            }
        }
        return changed ? others : list;
    }

    private static Object map(Map<?, ?> map, Function<@Nullable Object, @Nullable Object> part) {
        Map<Object, @Nullable Object> others = new LinkedHashMap<>();
        boolean changed = false;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object other = part.apply(entry.getValue());
            changed |= other != entry.getValue();
            if (other != null) {
                others.put(entry.getKey(), other);
            }
        }
        return changed ? others : map;
    }

    private static Object record(Record record, Function<@Nullable Object, @Nullable Object> part) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        boolean changed = false;
        try {
            for (int i = 0; i < values.length; i++) {
                Object value = components[i].getAccessor().invoke(record);
                values[i] = part.apply(value);
                changed |= values[i] != value;
            }
            if (!changed) {
                return record;
            }
            Constructor<?> canonical = record.getClass()
                    .getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new));
            return canonical.newInstance(values);
        } catch (ReflectiveOperationException unreadable) {
            throw new IllegalStateException("cannot rewrite " + record.getClass(), unreadable);
        }
    }

    /** Returns a key's put with other parts. */
    static PutKey put(PutKey put, io.contextdb.spi.value.Bytes value) {
        PutKey other = PutKey.of(put.key(), value).onlyIf(put.condition()).about(put.subject());
        return put.ttl().map(other::expiringAfter).orElse(other);
    }

    /** Returns an entry with another value. */
    static KeyEntry entry(KeyEntry entry, String key, io.contextdb.spi.value.Bytes value, long version) {
        return new KeyEntry(key, value, version, entry.expiresAt().orElse(null));
    }
}
