package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;

import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mistakes that let namespaces run into each other, and those around opening, closing and health. */
final class NamespaceDefects {
    private NamespaceDefects() {}

    static List<Defect> all() {
        return List.of(
                named(
                        "namespaces-case-folded",
                        "Names of namespaces are compared without case.",
                        name -> name.toLowerCase(Locale.ROOT)),
                named(
                        "namespaces-without-punctuation",
                        "Dots, dashes and underscores in names of namespaces become one character.",
                        name -> name.replaceAll("[.-]", "_")),
                named(
                        "namespaces-cut-at-63",
                        "Names of namespaces are cut to the 63 bytes of an identifier.",
                        name -> name.substring(0, Math.min(63, name.length()))),
                leaking("keys.scan", "Scans of keys"),
                leaking("graph.scan", "Scans of nodes"),
                leaking("vectors.search", "Vector searches"),
                leaking("vectors.searchText", "Text searches"),
                leaking("events.read", "Reads of events"),
                leaking("documents.find", "Finds of documents"),
                leaking("graph.diff", "Diffs"),
                inheriting("graph.scan", "Scans of nodes"),
                inheriting("vectors.search", "Vector searches"),
                inheriting("events.read", "Reads of events"),
                of(
                        "drop-takes-longer-names",
                        "Dropping a namespace drops every namespace whose name starts with its name.",
                        "G1",
                        in("namespaces.drop", call -> {
                            for (NamespaceName longer : longer(call, DropDefects.dropped(call))) {
                                call.healthy().namespaces().drop(longer, call.argument(Deadline.class));
                            }
                            return call.proceed();
                        })),
                of(
                        "drop-keeps-keys",
                        "Dropping a namespace leaves its keys.",
                        "G1",
                        in("namespaces.drop", NamespaceDefects::keysKept)),
                of(
                        "emptied-namespace-unlisted",
                        "A namespace that was emptied is not listed any more.",
                        "G1",
                        in(
                                "namespaces.list",
                                call -> Rewriting.within(
                                        call.proceed(),
                                        NamespaceName.class,
                                        name -> call.healthy()
                                                        .namespaces()
                                                        .statistics(scope(name, call.argument(Deadline.class)))
                                                        .equals(NamespaceStatistics.EMPTY)
                                                ? null
                                                : name))),
                of(
                        "namespaces-listed-as-created",
                        "Namespaces are listed in another order than by name.",
                        "G1 G12",
                        listed("namespaces.list", List::reversed)),
                of("read-namespaces-listed", "A namespace that was only read is listed.", "G1", call -> {
                    if (call.is("keys.get")) {
                        call.healthy()
                                .apply(
                                        WriteBatch.of(call.scope().namespace(), Fault.NOTHING),
                                        call.scope().deadline());
                    }
                    return call.proceed();
                }),
                remembering(
                        "fingerprints-shared-by-namespaces",
                        "A fingerprint is unique over all namespaces.",
                        "G1",
                        () -> {
                            Map<String, UUID> holders = new ConcurrentHashMap<>();
                            return in(
                                    "apply",
                                    call -> Fault.receipt((mutation, result) -> {
                                                if (mutation instanceof GraphMutation.PutNode put
                                                        && put.fingerprints()
                                                                == GraphMutation.Fingerprints.UNIQUE_OR_EXISTING) {
                                                    String fingerprint = put.draft()
                                                            .content()
                                                            .fingerprint();
                                                    UUID holder = holders.putIfAbsent(
                                                            fingerprint,
                                                            put.draft().id());
                                                    return holder == null
                                                                    || holder.equals(put.draft()
                                                                            .id())
                                                            ? result
                                                            : new MutationResult.Existing(holder, 1);
                                                }
                                                return result;
                                            })
                                            .answer(call));
                        }),
                remembering(
                        "erasure-blocks-other-namespaces",
                        "An id that was erased in one namespace cannot be written in another.",
                        "G1",
                        () -> {
                            Map<UUID, Boolean> erased = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                for (Mutation mutation : call.batch().mutations()) {
                                    if (mutation instanceof GraphMutation.PutNode put
                                            && erased.containsKey(put.draft().id())) {
                                        throw new InvalidRequestException("node.id", "was erased");
                                    }
                                    if (mutation instanceof GraphMutation.Erase erase) {
                                        erase.ids().forEach(id -> erased.put(id, true));
                                    }
                                }
                                return call.proceed();
                            });
                        }),
                of(
                        "limiters-shared-by-namespaces",
                        "Limiters of the same key in different namespaces share their permits.",
                        "G1",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof KeyMutation.Acquire
                                        ? call.with(
                                                        WriteBatch.class,
                                                        new WriteBatch(
                                                                new NamespaceName("limiters"),
                                                                call.batch().operationId(),
                                                                call.batch().mutations()))
                                                .proceed()
                                        : call.proceed())),
                of(
                        "statistics-of-everything",
                        "The statistics of a namespace count the longer names too.",
                        "G1",
                        in("namespaces.statistics", call -> {
                            NamespaceStatistics sum = call.result();
                            for (NamespaceName longer :
                                    longer(call, call.scope().namespace())) {
                                NamespaceStatistics more = call.healthy()
                                        .namespaces()
                                        .statistics(scope(longer, call.scope().deadline()));
                                sum = new NamespaceStatistics(
                                        sum.nodes() + more.nodes(),
                                        sum.nodeVersions(),
                                        sum.edges(),
                                        sum.sources(),
                                        sum.points(),
                                        sum.keys() + more.keys(),
                                        sum.events(),
                                        sum.documents());
                            }
                            return sum;
                        })),
                of(
                        "health-down",
                        "The store says that it is down while it answers.",
                        "G14",
                        in("health", call -> new Health(Health.Status.DOWN, Duration.ZERO, Map.of()))),
                remembering(
                        "opening-leaves-a-thread",
                        "A thread of the backend outlives its closing.",
                        "G11",
                        NamespaceDefects::leavingThread),
                remembering("closing-twice-fails", "Closing for the second time is an error.", "G11", () -> {
                    AtomicInteger closed = new AtomicInteger();
                    return in("close", call -> {
                        if (closed.incrementAndGet() > 1) {
                            throw new ContextClosedException("backend");
                        }
                        return call.proceed();
                    });
                }));
    }

    private static Fault leavingThread() {
        Thread.ofPlatform().daemon().name("left-behind").start(() -> {
            try {
                new CountDownLatch(1).await(60, java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
        return Fault.none();
    }

    private static Defect named(String id, String sentence, UnaryOperator<String> change) {
        return of(
                id,
                sentence,
                "G1",
                call -> call.rewriting(NamespaceName.class, name -> new NamespaceName(change.apply(name.value())))
                        .proceed());
    }

    /** A prefix match where an equal one is needed. */
    private static Defect leaking(String operation, String what) {
        return joining(
                operation,
                "leaks",
                what + " see the namespaces whose names start with the one asked.",
                String::startsWith);
    }

    /** A prefix match the other way round. */
    private static Defect inheriting(String operation, String what) {
        return joining(
                operation,
                "inherits",
                what + " see the namespaces that the one asked starts with.",
                (other, asked) -> asked.startsWith(other));
    }

    private static Defect joining(
            String operation, String how, String sentence, BiPredicate<String, String> concerned) {
        return of(
                operation.replace('.', '-').toLowerCase(Locale.ROOT) + "-" + how,
                sentence,
                "G1",
                in(operation, call -> {
                    Object own = call.proceed();
                    for (NamespaceName other : others(call, call.scope().namespace(), concerned)) {
                        try {
                            Object others = call.with(
                                            ReadScope.class,
                                            scope(other, call.scope().deadline()))
                                    .proceed();
                            own = joined(own, others);
                        } catch (ContextException absent) {
                            // It has no such space.
                        }
                    }
                    return own;
                }));
    }

    private static @Nullable Object joined(@Nullable Object own, @Nullable Object others) {
        if (own instanceof Page<?> page && others instanceof Page<?> more) {
            List<Object> items = new ArrayList<>(page.items());
            items.addAll(more.items());
            return new Page<>(items, page.next());
        }
        if (own instanceof List<?> list && others instanceof List<?> more) {
            if (!list.isEmpty() && list.get(0) instanceof List<?> hits && more.get(0) instanceof List<?> further) {
                return List.of(java.util.Objects.requireNonNull(joined(hits, further)));
            }
            List<Object> items = new ArrayList<>(list);
            items.addAll(more);
            return items;
        }
        return own;
    }

    private static List<NamespaceName> longer(Call call, NamespaceName name) {
        return others(call, name, String::startsWith);
    }

    private static List<NamespaceName> others(Call call, NamespaceName name, BiPredicate<String, String> concerned) {
        Deadline deadline = Deadline.after(Duration.ofSeconds(5));
        return call.healthy().namespaces().list(PageRequest.first(PageRequest.MAX_LIMIT), deadline).items().stream()
                .filter(other -> !other.equals(name) && concerned.test(other.value(), name.value()))
                .toList();
    }

    private static ReadScope scope(NamespaceName name, Deadline deadline) {
        return new ReadScope(name, deadline, CommitToken.NONE);
    }

    private static @Nullable Object keysKept(Call call) {
        NamespaceName name = DropDefects.dropped(call);
        Deadline deadline = call.argument(Deadline.class);
        List<KeyEntry> keys = call.healthy()
                .keys()
                .scan(scope(name, deadline), "", PageRequest.first())
                .items();
        Object dropped = call.proceed();
        if (!keys.isEmpty()) {
            call.healthy()
                    .apply(
                            WriteBatch.of(
                                    name,
                                    keys.stream()
                                            .map(entry -> KeyMutation.PutKey.of(entry.key(), entry.value()))
                                            .toList()),
                            deadline);
        }
        return dropped;
    }
}
