package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.graph.Source;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Mistakes with sources. */
final class SourceDefects {
    private SourceDefects() {}

    static List<Defect> all() {
        return sources();
    }

    private static List<Defect> sources() {
        return List.of(
                of(
                        "credibility-without-prior",
                        "A source begins with Beta(0.5, 0.5).",
                        "N9",
                        seen(
                                Source.class,
                                source -> new Source(
                                        source.externalId(),
                                        source.labels(),
                                        source.properties(),
                                        source.alpha() - 0.5,
                                        source.beta() - 0.5))),
                of(
                        "evidence-times-ten",
                        "Evidence is weighed ten times.",
                        "N9",
                        replaced(
                                GraphMutation.AddEvidence.class,
                                add -> new GraphMutation.AddEvidence(
                                        add.externalId(),
                                        Math.min(1_000_000, 10 * add.alpha()),
                                        Math.min(1_000_000, 10 * add.beta())))),
                of(
                        "evidence-rounded",
                        "Evidence is kept in whole numbers.",
                        "N9",
                        replaced(
                                GraphMutation.AddEvidence.class,
                                add -> new GraphMutation.AddEvidence(
                                        add.externalId(), Math.rint(add.alpha()), Math.rint(add.beta())))),
                remembering(
                        "evidence-lost-under-concurrency",
                        "Evidence is read, added and written back without a lock.",
                        "N9 G13",
                        () -> {
                            AtomicInteger running = new AtomicInteger();
                            return in("apply", call -> {
                                if (!(call.batch().mutations().get(0) instanceof GraphMutation.AddEvidence)) {
                                    return call.proceed();
                                }
                                try {
                                    return running.incrementAndGet() == 1
                                            ? call.late().proceed()
                                            : call.pretended(new MutationResult.Written(1));
                                } finally {
                                    running.decrementAndGet();
                                }
                            });
                        }),
                remembering(
                        "source-put-resets-evidence",
                        "Putting a source takes its evidence back to the prior.",
                        "N9",
                        () -> {
                            Map<String, Source> put = new ConcurrentHashMap<>();
                            return call -> {
                                if (call.is("apply")
                                        && call.batch().mutations().get(0) instanceof GraphMutation.PutSource source) {
                                    call.healthy()
                                            .graph()
                                            .sources(call.before(), List.of(source.externalId()))
                                            .forEach(old -> put.put(call.batch().namespace() + old.externalId(), old));
                                }
                                return call.is("graph.sources")
                                        ? Rewriting.within(call.proceed(), Source.class, source -> {
                                            Source before = put.get(call.scope().namespace() + source.externalId());
                                            return before == null
                                                    ? source
                                                    : new Source(
                                                            source.externalId(),
                                                            source.labels(),
                                                            source.properties(),
                                                            source.alpha() - before.alpha() + 1,
                                                            source.beta() - before.beta() + 1);
                                        })
                                        : call.proceed();
                            };
                        }),
                of(
                        "source-labels-lost",
                        "Labels of sources are not stored.",
                        "N9",
                        replaced(
                                GraphMutation.PutSource.class,
                                put -> new GraphMutation.PutSource(
                                        put.externalId(), Collections.emptySortedSet(), put.properties()))),
                of(
                        "source-properties-lost",
                        "Properties of sources are not stored.",
                        "N9",
                        replaced(
                                GraphMutation.PutSource.class,
                                put -> new GraphMutation.PutSource(
                                        put.externalId(), put.labels(), PropertyMap.empty()))),
                of(
                        "sources-case-folded",
                        "External ids of sources are compared without case.",
                        "N9",
                        call -> call.is("graph.sources") && call.has(Collection.class)
                                ? call.rewriting(String.class, id -> id.toLowerCase(Locale.ROOT))
                                        .proceed()
                                : call.rewriting(
                                                GraphMutation.PutSource.class,
                                                put -> new GraphMutation.PutSource(
                                                        put.externalId().toLowerCase(Locale.ROOT),
                                                        put.labels(),
                                                        put.properties()))
                                        .rewriting(
                                                GraphMutation.AddEvidence.class,
                                                add -> new GraphMutation.AddEvidence(
                                                        add.externalId().toLowerCase(Locale.ROOT),
                                                        add.alpha(),
                                                        add.beta()))
                                        .proceed()),
                of(
                        "sources-unordered",
                        "Sources are listed in another order than by external id.",
                        "N9 G12",
                        in(
                                "graph.sources",
                                call -> call.has(Collection.class)
                                        ? call.proceed()
                                        : Rewriting.items(call.proceed(), List::reversed))),
                of(
                        "evidence-needs-a-source",
                        "Evidence about a source that was never put is lost.",
                        "N9",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof GraphMutation.AddEvidence add
                                                && call.healthy()
                                                        .graph()
                                                        .sources(call.before(), List.of(add.externalId()))
                                                        .isEmpty()
                                        ? call.pretended(new MutationResult.Written(1))
                                        : call.proceed())));
    }
}
