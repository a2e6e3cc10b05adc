package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.hidden;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.seen;
import static io.contextdb.tck.faulty.Fault.written;

import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Mistakes with nodes: versions and content. */
final class NodeDefects {
    private NodeDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(versions());
        all.addAll(content());
        return all;
    }

    private static Node with(Node node, Revision revision) {
        return new Node(node.id(), node.content(), revision);
    }

    private static List<Defect> versions() {
        return List.of(
                of(
                        "node-versions-have-gaps",
                        "Versions of nodes come from a sequence that skips numbers.",
                        "G8 N1",
                        seen(
                                        Node.class,
                                        node -> with(
                                                node,
                                                new Revision(
                                                        2 * node.version() - 1,
                                                        node.validity(),
                                                        node.revision().transaction(),
                                                        node.revision().retraction())))
                                .and(Fault.receipt((mutation, result) -> mutation instanceof GraphMutation.PutNode
                                                && result instanceof MutationResult.Written done
                                        ? new MutationResult.Written(2 * done.version() - 1)
                                        : result))),
                of(
                        "superseded-versions-stay-open",
                        "The transaction time of a version is not closed by the next one.",
                        "N1",
                        seen(
                                Node.class,
                                node -> with(
                                        node,
                                        new Revision(
                                                node.version(),
                                                node.validity(),
                                                Interval.from(node.revision()
                                                        .transaction()
                                                        .from()),
                                                node.revision().retraction())))),
                of(
                        "last-write-wins-over-nodes",
                        "Only the newest version of a node is kept.",
                        "N4",
                        listed(
                                "graph.history",
                                (List<Node> versions) -> versions.isEmpty()
                                        ? versions
                                        : versions.subList(versions.size() - 1, versions.size()))),
                of(
                        "history-newest-first",
                        "The history of a node begins with the newest version.",
                        "N4 G12",
                        listed("graph.history", List::reversed)),
                of(
                        "history-without-retractions",
                        "The history of a node leaves out retractions.",
                        "N4 N5",
                        hidden(
                                "graph.history",
                                Node.class,
                                node -> node.revision().retracted())),
                of(
                        "unchanged-node-not-appended",
                        "Putting a node with the content that it has appends no version.",
                        "N1",
                        in("apply", NodeDefects::onlyChanges)),
                remembering(
                        "node-appends-race",
                        "The next version of a node is computed outside of the lock.",
                        "G8 G13",
                        () -> {
                            Set<UUID> busy = ConcurrentHashMap.newKeySet();
                            return in("apply", call -> {
                                if (call.batch().mutations().get(0) instanceof GraphMutation.PutNode put) {
                                    UUID id = put.draft().id();
                                    if (!busy.add(id)) {
                                        return call.pretended(new MutationResult.Written(1));
                                    }
                                    try {
                                        return call.late().proceed();
                                    } finally {
                                        busy.remove(id);
                                    }
                                }
                                return call.proceed();
                            });
                        }));
    }

    private static @Nullable Object onlyChanges(Call call) {
        if (call.batch().mutations().get(0) instanceof GraphMutation.PutNode put
                && call.batch().mutations().size() == 1
                && put.draft().validFrom().isEmpty()) {
            for (Node old : call.healthy()
                    .graph()
                    .get(call.before(), List.of(put.draft().id()))) {
                if (old.content().equals(put.draft().content())
                        && !old.revision().retracted()) {
                    return call.pretended(new MutationResult.Written(old.version()));
                }
            }
        }
        return call.proceed();
    }

    private static List<Defect> content() {
        return List.of(
                of(
                        "node-labels-lost",
                        "Labels of nodes are not stored.",
                        "N1",
                        written(
                                NodeContent.class,
                                c -> new NodeContent(
                                        Collections.emptySortedSet(),
                                        c.properties(),
                                        c.source(),
                                        c.confidence(),
                                        c.fingerprint()))),
                of(
                        "node-source-lost",
                        "The source of a node is not stored.",
                        "N1",
                        written(NodeContent.class, c -> c.toBuilder().source("").build())),
                of(
                        "node-confidence-single",
                        "The confidence of a node is kept with 32 bits.",
                        "N1",
                        written(
                                NodeContent.class,
                                c -> c.toBuilder()
                                        .confidence((float) c.confidence())
                                        .build())),
                of(
                        "node-confidence-zero-is-default",
                        "A confidence of 0 is taken for none, and becomes 0.5.",
                        "N1",
                        written(
                                NodeContent.class,
                                c -> c.confidence() == 0
                                        ? c.toBuilder().confidence(0.5).build()
                                        : c)),
                of(
                        "node-properties-merged",
                        "Putting a node merges its properties into the older ones.",
                        "N1",
                        in("apply", NodeDefects::merged)),
                of(
                        "nodes-in-order-of-id",
                        "Nodes are returned in the order of their ids, not as asked.",
                        "N3",
                        listed(
                                "graph.get",
                                (List<Node> nodes) -> nodes.stream()
                                        .sorted(Comparator.comparing(Node::id))
                                        .toList())),
                of(
                        "nodes-answered-twice",
                        "A node that is asked for twice is returned twice.",
                        "G12",
                        in("graph.get", call -> {
                            List<Node> nodes = call.list();
                            Map<UUID, Node> byId = new HashMap<>();
                            nodes.forEach(node -> byId.put(node.id(), node));
                            List<Node> each = new ArrayList<>();
                            call.asked(UUID.class)
                                    .forEach(id ->
                                            Optional.ofNullable(byId.get(id)).ifPresent(each::add));
                            return each;
                        })),
                of(
                        "retracted-nodes-not-got",
                        "Getting a node by its id hides it once it is retracted.",
                        "N3 N5",
                        in(
                                "graph.get",
                                call -> call.has(AsOf.class)
                                        ? call.proceed()
                                        : Rewriting.within(
                                                call.proceed(),
                                                Node.class,
                                                node -> node.revision().retracted() ? null : node))));
    }

    private static @Nullable Object merged(Call call) {
        return call.rewriting(NodeDraft.class, draft -> {
                    List<Node> old = call.healthy().graph().get(call.before(), List.of(draft.id()));
                    if (old.isEmpty()) {
                        return draft;
                    }
                    PropertyMap properties = old.get(0).properties();
                    for (Map.Entry<String, @Nullable Object> entry :
                            draft.content().properties().asMap().entrySet()) {
                        properties = properties.with(entry.getKey(), entry.getValue());
                    }
                    NodeDraft other = NodeDraft.of(
                            draft.id(),
                            draft.content().toBuilder().properties(properties).build());
                    NodeDraft begun = draft.validFrom().map(other::validFrom).orElse(other);
                    return draft.validTo().equals(Interval.OPEN) ? begun : begun.validTo(draft.validTo());
                })
                .proceed();
    }
}
