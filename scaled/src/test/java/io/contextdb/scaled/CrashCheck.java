package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.Namespace;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Compares a namespace, in all its stores, with what its killed writers noted. */
final class CrashCheck {
    private static final int AT_ONCE = 500;
    private static final int SEARCHED = 50;

    private final Namespace namespace;
    private final Map<CrashLog.Stage, Map<CrashOperation, Instant>> noted = new EnumMap<>(CrashLog.Stage.class);
    private final Map<String, String> keys;
    private final Map<String, List<Event>> events;
    private final Set<UUID> points;
    private final Set<UUID> nodes = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();

    CrashCheck(Namespace namespace, List<CrashLog.Entry> log) {
        this.namespace = namespace;
        for (CrashLog.Stage stage : CrashLog.Stage.values()) {
            noted.put(
                    stage,
                    log.stream()
                            .filter(entry -> entry.stage() == stage
                                    && entry.operation().namespace().equals(namespace.name()))
                            .collect(Collectors.toMap(
                                    CrashLog.Entry::operation,
                                    CrashLog.Entry::at,
                                    // Of searches the last counts.
                                    (a, b) -> a.isAfter(b) ? a : b)));
        }
        this.keys = namespace
                .keys()
                .scan("")
                .collect(Collectors.toMap(
                        entry -> entry.key(), entry -> entry.value().utf8()));
        this.events = namespace
                .events()
                .readAll(EventQuery.after(EventPosition.START, 5_000))
                .collect(Collectors.groupingBy(Event::subject));
        this.points = namespace
                .vectors()
                .scroll(CrashOperation.SPACE, Filter.everything())
                .map(VectorPoint::id)
                .collect(Collectors.toSet());
    }

    /**
     * Checks everything.
     *
     * @param mayBeLost whether what a home alone acknowledged at a time may be gone
     */
    void run(Predicate<Instant> mayBeLost) {
        findNodes();
        wholeOrNothing();
        erased();
        conditions();
        aloneInTheirStore(mayBeLost);
        nothingElse();
        foundMeanwhile();
        found();
        assertThat(wrong)
                .as("in %s, %d operations", namespace.name(), begun().size())
                .isEmpty();
    }

    private Set<CrashOperation> begun() {
        return noted.get(CrashLog.Stage.BEGUN).keySet();
    }

    private List<CrashOperation> begun(CrashOperation.Kind kind) {
        return begun().stream().filter(operation -> operation.kind() == kind).toList();
    }

    private boolean is(CrashLog.Stage stage, CrashOperation operation) {
        return noted.get(stage).containsKey(operation);
    }

    private void require(boolean holds, String what, CrashOperation operation) {
        if (!holds) {
            wrong.add(what + ": " + operation + (is(CrashLog.Stage.DONE, operation) ? ", acknowledged" : ", unknown"));
        }
    }

    private void findNodes() {
        List<CrashOperation> written = begun().stream()
                .filter(operation ->
                        operation.kind() == CrashOperation.Kind.WHOLE || operation.kind() == CrashOperation.Kind.NODE)
                .toList();
        for (int from = 0; from < written.size(); from += AT_ONCE) {
            List<UUID> some = written.subList(from, Math.min(written.size(), from + AT_ONCE)).stream()
                    .map(CrashOperation::id)
                    .toList();
            namespace.graph().get(some).stream().map(Node::id).forEach(nodes::add);
        }
    }

    /** Whether a batch of all stores was applied, although it may be erased since. */
    private boolean isWritten(CrashOperation operation) {
        return nodes.contains(operation.id()) || is(CrashLog.Stage.BEGUN, erasure(operation));
    }

    private static CrashOperation erasure(CrashOperation operation) {
        return new CrashOperation(CrashOperation.Kind.ERASE, operation.id());
    }

    private void wholeOrNothing() {
        long written = 0;
        for (CrashOperation operation : begun(CrashOperation.Kind.WHOLE)) {
            boolean there = isWritten(operation);
            written += there ? 1 : 0;
            require(there || !is(CrashLog.Stage.DONE, operation), "acknowledged, but there is no node", operation);
            require(!there || !is(CrashLog.Stage.REFUSED, operation), "refused, but the node is there", operation);
            String counter = keys.get(operation.counter());
            String right = there ? "1" : null;
            require(Objects.equals(counter, right), "the counter is " + counter + ", not " + right, operation);
            int events = events(operation).size();
            require(events == (there ? 1 : 0), "node: " + there + ", but " + events + " events", operation);
            requirePoint(operation, there);
        }
        String total = keys.getOrDefault(CrashOperation.TOTAL, "0");
        if (!total.equals(Long.toString(written))) {
            wrong.add("the counter of all batches is " + total + ", and " + written + " are there");
        }
    }

    private List<Event> events(CrashOperation operation) {
        return events.getOrDefault(operation.id().toString(), List.of());
    }

    /** Of what was erased nothing is left that says anything. */
    private void erased() {
        for (CrashOperation operation : begun(CrashOperation.Kind.ERASE)) {
            if (is(CrashLog.Stage.DONE, operation)) {
                require(!nodes.contains(operation.id()), "erased, but the node is there", operation);
                require(!points.contains(operation.id()), "erased, but the point is there", operation);
                require(
                        events(operation).stream().allMatch(event -> event.payload() instanceof Payload.Erased),
                        "erased, but the event tells of it",
                        operation);
            }
        }
    }

    /** A key that had to be absent is of one batch, which is there, whatever its home lost: it is given that again before it judges. */
    private void conditions() {
        Map<String, List<CrashOperation>> claimed = begun(CrashOperation.Kind.WHOLE).stream()
                .filter(operation -> operation.hasSlot() && isWritten(operation))
                .collect(Collectors.groupingBy(CrashOperation::slot));
        claimed.forEach((slot, claims) -> {
            String all =
                    claims.stream().map(claim -> claim.id() + " " + last(claim)).collect(Collectors.joining(", "));
            if (claims.size() > 1) {
                wrong.add("a key that had to be absent was put by " + all);
            }
            String owner = keys.get(slot);
            if (!claims.get(0).id().toString().equals(owner)) {
                wrong.add("a key under a condition is of " + owner + ", not of " + all);
            }
        });
        keys.keySet().stream()
                .filter(key -> key.startsWith("slot/") && !claimed.containsKey(key))
                .forEach(key -> wrong.add("a key of a batch that is not there: " + key));
    }

    /** Returns when an operation was acknowledged; when it was begun, if it was not. */
    private Instant last(CrashOperation operation) {
        Instant acknowledged = noted.get(CrashLog.Stage.DONE).get(operation);
        return acknowledged == null ? noted.get(CrashLog.Stage.BEGUN).get(operation) : acknowledged;
    }

    /** A point is there if its operation was, and no deletion was begun; one that was acknowledged has removed it. */
    private void requirePoint(CrashOperation operation, boolean written) {
        CrashOperation deletion = new CrashOperation(CrashOperation.Kind.DELETE, operation.id());
        boolean there = points.contains(operation.id());
        if (!written || is(CrashLog.Stage.DONE, deletion) || is(CrashLog.Stage.DONE, erasure(operation))) {
            require(!there, "there is a point", operation);
        } else if (remains(deletion) && remains(erasure(operation))) {
            require(there, "there is no point", operation);
        }
    }

    /** Whether what removes something was not sent, or is known not to have been applied. */
    private boolean remains(CrashOperation removal) {
        return !is(CrashLog.Stage.BEGUN, removal) || is(CrashLog.Stage.REFUSED, removal);
    }

    private void aloneInTheirStore(Predicate<Instant> mayBeLost) {
        for (CrashOperation operation : begun(CrashOperation.Kind.POINT)) {
            boolean refused = is(CrashLog.Stage.REFUSED, operation);
            boolean there = is(CrashLog.Stage.DONE, operation) || points.contains(operation.id());
            requirePoint(operation, there && !refused);
        }
        for (CrashOperation operation : begun(CrashOperation.Kind.NODE)) {
            requireOnce(operation, nodes.contains(operation.id()) ? 1 : 0, false);
        }
        for (CrashOperation operation : begun(CrashOperation.Kind.KEY)) {
            String counter = keys.get(operation.counter());
            requireOnce(operation, counter == null ? 0 : Long.parseLong(counter), mayBeLost(operation, mayBeLost));
        }
        for (CrashOperation operation : begun(CrashOperation.Kind.EVENT)) {
            requireOnce(operation, events(operation).size(), mayBeLost(operation, mayBeLost));
        }
    }

    private boolean mayBeLost(CrashOperation operation, Predicate<Instant> mayBeLost) {
        Instant acknowledged = noted.get(CrashLog.Stage.DONE).get(operation);
        return acknowledged != null && mayBeLost.test(acknowledged);
    }

    private void requireOnce(CrashOperation operation, long times, boolean mayBeLost) {
        boolean acknowledged = is(CrashLog.Stage.DONE, operation) && !mayBeLost;
        require(times <= 1, "applied " + times + " times", operation);
        require(times > 0 || !acknowledged, "lost", operation);
        require(times == 0 || !is(CrashLog.Stage.REFUSED, operation), "refused, but there", operation);
    }

    /** What nobody wrote must not be there. */
    private void nothingElse() {
        Set<String> counters = begun().stream().map(CrashOperation::counter).collect(Collectors.toSet());
        counters.add(CrashOperation.TOTAL);
        keys.keySet().stream()
                .filter(key -> !key.startsWith("slot/") && !counters.contains(key))
                .forEach(key -> wrong.add("a key that nobody wrote: " + key));
        Set<String> ids =
                begun().stream().map(operation -> operation.id().toString()).collect(Collectors.toSet());
        events.keySet().stream()
                .filter(subject -> !ids.contains(subject))
                .forEach(subject -> wrong.add("an event that nobody wrote: " + subject));
    }

    /** What searches found while others wrote had been begun, and its removal had not been acknowledged when they began. */
    private void foundMeanwhile() {
        noted.get(CrashLog.Stage.FOUND).forEach((hit, searched) -> {
            CrashOperation whole = new CrashOperation(CrashOperation.Kind.WHOLE, hit.id());
            CrashOperation deletion = new CrashOperation(CrashOperation.Kind.DELETE, hit.id());
            require(begun().contains(hit) || begun().contains(whole), "a search found what nobody wrote", hit);
            for (CrashOperation removal : List.of(deletion, erasure(hit))) {
                Instant removed = noted.get(CrashLog.Stage.DONE).get(removal);
                require(
                        removed == null || !removed.isBefore(searched),
                        "a search that began at " + searched + " found what was removed at " + removed,
                        removal);
            }
        });
    }

    /** Searches find what is there, and nothing that is not. */
    private void found() {
        Map<Boolean, Integer> searched = new HashMap<>();
        for (CrashOperation operation : begun()) {
            boolean there = points.contains(operation.id());
            if (!operation.kind().putsPoint() || searched.merge(there, 1, Integer::sum) > SEARCHED) {
                continue;
            }
            List<Hit> hits =
                    namespace.vectors().search(VectorQuery.nearest(CrashOperation.SPACE, operation.vector(), 1));
            boolean found = !hits.isEmpty() && hits.get(0).point().id().equals(operation.id());
            require(
                    found == there,
                    there ? "a search does not find it" : "a search finds what is not there",
                    operation);
        }
    }
}
