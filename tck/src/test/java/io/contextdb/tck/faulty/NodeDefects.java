package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.hidden;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;
import static io.contextdb.tck.faulty.Fault.written;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Mistakes with nodes: versions, both axes of time, retraction, fingerprints, diffs. */
final class NodeDefects {
    private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

    private NodeDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(versions());
        all.addAll(content());
        all.addAll(time());
        all.addAll(retraction());
        all.addAll(fingerprints());
        all.addAll(diffs());
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
                                        return pretended(call, new MutationResult.Written(1));
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
            for (Node old :
                    call.healthy().graph().get(scope(call), List.of(put.draft().id()))) {
                if (old.content().equals(put.draft().content())
                        && !old.revision().retracted()) {
                    return pretended(call, new MutationResult.Written(old.version()));
                }
            }
        }
        return call.proceed();
    }

    private static WriteReceipt pretended(Call call, MutationResult result) {
        return new WriteReceipt(call.batch().operationId(), List.of(result), CommitToken.NONE, Instant.now());
    }

    static GraphReader reader(Call call) {
        return call.healthy().graph();
    }

    /** Returns a scope to read what a batch is going to change. */
    static ReadScope scope(Call call) {
        return new ReadScope(call.batch().namespace(), call.argument(Deadline.class), CommitToken.NONE);
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
                            call.argument(Collection.class)
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
                    List<Node> old = call.healthy().graph().get(scope(call), List.of(draft.id()));
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

    private static List<Defect> time() {
        return List.of(
                of(
                        "node-validity-closed-at-its-end",
                        "A node still holds at the instant at which its validity ends.",
                        "N2",
                        in("graph.get", AsOf.class, call -> closed(call, call.argument(AsOf.class)))),
                of(
                        "scan-validity-closed-at-its-end",
                        "Scans return nodes at the instant at which their validity ends.",
                        "N2 N11",
                        asked("graph.scan", AsOf.class, NodeDefects::justBefore)),
                of(
                        "empty-validity-holds",
                        "A node whose validity is empty holds at its only instant.",
                        "N2",
                        written(
                                NodeDraft.class,
                                draft -> draft.validFrom()
                                        .filter(from -> from.equals(draft.validTo()))
                                        .map(from -> draft.validTo(from.plusNanos(1_000)))
                                        .orElse(draft))),
                of(
                        "validity-begins-with-time",
                        "A node without a start of validity has always been valid.",
                        "N1",
                        written(
                                NodeDraft.class,
                                draft -> draft.validFrom().isPresent() ? draft : draft.validFrom(BEGINNING))),
                of(
                        "transaction-time-given-by-the-caller",
                        "The transaction time is the start of validity where the caller gave one.",
                        "N1",
                        seen(
                                Node.class,
                                node -> with(
                                        node,
                                        new Revision(
                                                node.version(),
                                                node.validity(),
                                                node.revision().transaction().isOpen()
                                                        ? Interval.from(
                                                                node.validity().from())
                                                        : node.revision().transaction(),
                                                node.revision().retraction())))),
                of(
                        "node-known-axis-ignored",
                        "Reads of nodes ignore what was known.",
                        "N3",
                        asked("graph.get", AsOf.class, NodeDefects::asKnownNow)),
                of(
                        "node-valid-axis-ignored",
                        "Reads of nodes take what was known for what was valid.",
                        "N3",
                        asked(
                                "graph.get",
                                AsOf.class,
                                asOf -> asOf.knownAt().map(AsOf::at).orElse(asOf))),
                of(
                        "scan-known-axis-ignored",
                        "Scans ignore what was known.",
                        "N11",
                        asked("graph.scan", AsOf.class, NodeDefects::asKnownNow)),
                of(
                        "scan-time-ignored",
                        "Scans always return what holds now.",
                        "N11",
                        asked("graph.scan", AsOf.class, asOf -> AsOf.now())),
                of(
                        "known-axis-closed-at-its-end",
                        "At the instant of a commit the version before it is still the one that is known.",
                        "N1 N2 N3",
                        asked(
                                "graph.get",
                                AsOf.class,
                                asOf -> asOf.knownAt()
                                        .map(known -> AsOf.of(asOf.validAt().orElse(known), known.minusNanos(1_000)))
                                        .orElse(asOf))),
                of(
                        "older-valid-version-answers",
                        "Where the version that was known does not hold, an older one that does is returned.",
                        "N3 N5",
                        in("graph.get", AsOf.class, NodeDefects::olderAnswers)));
    }

    static AsOf asKnownNow(AsOf asOf) {
        return asOf.knownAt().isPresent() ? AsOf.validAt(asOf.validAt().orElseThrow()) : asOf;
    }

    static AsOf justBefore(AsOf asOf) {
        return asOf.validAt()
                .map(instant -> instant.minusNanos(1_000))
                .map(instant ->
                        asOf.knownAt().map(known -> AsOf.of(instant, known)).orElseGet(() -> AsOf.validAt(instant)))
                .orElse(asOf);
    }

    private static Object closed(Call call, AsOf asOf) {
        List<Node> open = call.list();
        List<Node> before = call.with(AsOf.class, justBefore(asOf)).list();
        List<Node> both = new ArrayList<>(open);
        before.stream()
                .filter(node -> open.stream().noneMatch(other -> other.id().equals(node.id())))
                .forEach(both::add);
        return both;
    }

    private static Object olderAnswers(Call call) {
        List<Node> found = new ArrayList<>(call.<Node>list());
        AsOf asOf = call.argument(AsOf.class);
        Instant now = Instant.now();
        for (Object id : call.argument(Collection.class)) {
            if (found.stream().noneMatch(node -> node.id().equals(id))) {
                call.healthy().graph().history(call.scope(), (UUID) id, PageRequest.first()).items().reversed().stream()
                        .filter(node -> node.validity().contains(asOf.validAt().orElse(now)))
                        .filter(node -> !node.revision()
                                .transaction()
                                .from()
                                .isAfter(asOf.knownAt().orElse(now)))
                        .findFirst()
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static List<Defect> retraction() {
        return List.of(
                of(
                        "retraction-lengthens",
                        "A retraction ends a validity now that had ended before.",
                        "N5",
                        seen(
                                Node.class,
                                node -> node.revision().retracted()
                                        ? with(
                                                node,
                                                new Revision(
                                                        node.version(),
                                                        Interval.from(node.validity()
                                                                        .from())
                                                                .endingAt(node.revision()
                                                                        .transaction()
                                                                        .from()),
                                                        node.revision().transaction(),
                                                        node.revision().retraction()))
                                        : node)),
                of(
                        "retraction-leaves-the-future",
                        "A retraction does not touch a validity that has not begun.",
                        "N5",
                        seen(
                                Node.class,
                                node -> node.revision().retracted()
                                                && node.validity()
                                                        .from()
                                                        .isAfter(node.revision()
                                                                .transaction()
                                                                .from())
                                        ? with(
                                                node,
                                                new Revision(
                                                        node.version(),
                                                        Interval.from(
                                                                node.validity().from()),
                                                        node.revision().transaction(),
                                                        node.revision().retraction()))
                                        : node)),
                of(
                        "retraction-in-place",
                        "A retraction changes the current version instead of appending one.",
                        "N4 N5",
                        listed("graph.history", NodeDefects::inPlace)),
                of(
                        "retraction-reason-lost",
                        "The reason of a retraction is not stored.",
                        "N5",
                        replaced(
                                GraphMutation.RetractNode.class,
                                retract ->
                                        new GraphMutation.RetractNode(retract.id(), "retracted", retract.condition()))),
                of(
                        "retracting-the-absent-succeeds",
                        "Retracting a node that does not exist is no error.",
                        "N5",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.code() == ErrorCode.NOT_FOUND
                                        && failed.field().startsWith("retractNode"),
                                call -> pretended(call, new MutationResult.Written(1)))),
                of(
                        "retraction-reaches-back",
                        "What was known before a retraction is gone with it.",
                        "N5 N3",
                        in(
                                "graph.get",
                                AsOf.class,
                                call -> Rewriting.within(
                                        call.proceed(),
                                        Node.class,
                                        node -> call.healthy().graph().get(call.scope(), List.of(node.id())).stream()
                                                        .anyMatch(now ->
                                                                now.revision().retracted())
                                                ? null
                                                : node))),
                of(
                        "retracted-for-good",
                        "A node that was retracted is not returned even when it is put again.",
                        "N5",
                        in(
                                "graph.get",
                                AsOf.class,
                                call -> Rewriting.within(
                                        call.proceed(),
                                        Node.class,
                                        node -> call
                                                        .healthy()
                                                        .graph()
                                                        .history(call.scope(), node.id(), PageRequest.first())
                                                        .items()
                                                        .stream()
                                                        .anyMatch(version -> version.revision()
                                                                        .retracted()
                                                                && version.version() < node.version())
                                                ? null
                                                : node))),
                of("scan-returns-the-retracted", "Scans return retracted nodes.", "N5 N11", in("graph.scan", call -> {
                    Page<Node> page = call.result();
                    Instant from = BEGINNING;
                    Page<NodeChange> all = call.healthy()
                            .graph()
                            .diff(
                                    call.scope(),
                                    from,
                                    Instant.now().plusSeconds(60),
                                    PageRequest.first(PageRequest.MAX_LIMIT));
                    List<Node> items = new ArrayList<>(page.items());
                    all.items().stream()
                            .filter(change -> change.kind() == NodeChange.Kind.RETRACTED)
                            .map(change -> change.node().orElseThrow())
                            .filter(node ->
                                    call.argument(NodeQuery.class).filter().matches(node))
                            .filter(node ->
                                    items.stream().noneMatch(item -> item.id().equals(node.id())))
                            .forEach(items::add);
                    return new Page<>(items, page.next());
                })));
    }

    private static List<Node> inPlace(List<Node> versions) {
        List<Node> kept = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            if (i + 1 == versions.size() || !versions.get(i + 1).revision().retracted()) {
                kept.add(versions.get(i));
            }
        }
        return kept;
    }

    private static List<Defect> fingerprints() {
        return List.of(
                of(
                        "fingerprint-checked-without-lock",
                        "Whether a fingerprint is taken is looked up before, not within, the commit.",
                        "N10",
                        in("apply", call -> {
                            for (Mutation mutation : call.batch().mutations()) {
                                if (mutation instanceof GraphMutation.PutNode put
                                        && put.fingerprints() == GraphMutation.Fingerprints.UNIQUE_OR_EXISTING) {
                                    String fingerprint = put.draft().content().fingerprint();
                                    Node holder = call.healthy()
                                            .graph()
                                            .findByFingerprint(scope(call), List.of(fingerprint))
                                            .get(fingerprint);
                                    if (holder == null) {
                                        return call.late()
                                                .rewriting(
                                                        GraphMutation.PutNode.class,
                                                        p -> new GraphMutation.PutNode(
                                                                p.draft(),
                                                                p.condition(),
                                                                GraphMutation.Fingerprints.SHARED))
                                                .proceed();
                                    }
                                }
                            }
                            return call.proceed();
                        })),
                remembering("fingerprint-held-for-good", "A retracted node still holds its fingerprint.", "N10", () -> {
                    Map<String, UUID> holders = new ConcurrentHashMap<>();
                    return Fault.receipt((mutation, result) -> {
                        if (mutation instanceof GraphMutation.PutNode put
                                && put.fingerprints() == GraphMutation.Fingerprints.UNIQUE_OR_EXISTING
                                && result instanceof MutationResult.Written) {
                            UUID holder = holders.putIfAbsent(
                                    put.draft().content().fingerprint(),
                                    put.draft().id());
                            return holder == null || holder.equals(put.draft().id())
                                    ? result
                                    : new MutationResult.Existing(holder, 1);
                        }
                        return result;
                    });
                }),
                of(
                        "fingerprint-or-fail-answers",
                        "Where a taken fingerprint is to be an error, the existing node is returned.",
                        "N10",
                        quiet(
                                "apply",
                                PreconditionFailedException.class,
                                failed -> failed.existingId().isPresent(),
                                call -> pretended(call, new MutationResult.Done()))),
                of(
                        "fingerprint-holder-unnamed",
                        "The error about a taken fingerprint does not name its holder.",
                        "N10",
                        in("apply", call -> {
                            try {
                                return call.proceed();
                            } catch (PreconditionFailedException failed) {
                                throw new PreconditionFailedException(
                                        failed.mutationIndex(), "failed", failed.currentVersion(), null);
                            }
                        })),
                of(
                        "fingerprint-blocks-its-own-node",
                        "A node cannot be put again because it holds its own fingerprint.",
                        "N10",
                        in("apply", call -> {
                            if (call.batch().mutations().get(0) instanceof GraphMutation.PutNode put
                                    && put.fingerprints() == GraphMutation.Fingerprints.UNIQUE_OR_EXISTING) {
                                for (Node old : call.healthy()
                                        .graph()
                                        .get(scope(call), List.of(put.draft().id()))) {
                                    if (old.content()
                                            .fingerprint()
                                            .equals(put.draft().content().fingerprint())) {
                                        return pretended(call, new MutationResult.Existing(old.id(), old.version()));
                                    }
                                }
                            }
                            return call.proceed();
                        })),
                of(
                        "fingerprints-always-unique",
                        "A fingerprint is unique even where nobody asked for it.",
                        "N10",
                        replaced(
                                GraphMutation.PutNode.class,
                                put -> put.fingerprints() == GraphMutation.Fingerprints.SHARED
                                                && put.condition().kind() == Condition.Kind.ALWAYS
                                        ? new GraphMutation.PutNode(
                                                put.draft(),
                                                put.condition(),
                                                GraphMutation.Fingerprints.UNIQUE_OR_EXISTING)
                                        : put)),
                remembering(
                        "fingerprint-finds-the-retracted",
                        "Looking up a fingerprint returns nodes that were retracted.",
                        "N10",
                        () -> {
                            Map<String, UUID> holders = new ConcurrentHashMap<>();
                            return call -> {
                                if (call.is("apply")) {
                                    call.batch().mutations().stream()
                                            .filter(GraphMutation.PutNode.class::isInstance)
                                            .map(GraphMutation.PutNode.class::cast)
                                            .forEach(put -> holders.put(
                                                    call.batch().namespace()
                                                            + put.draft()
                                                                    .content()
                                                                    .fingerprint(),
                                                    put.draft().id()));
                                }
                                if (!call.is("graph.findByFingerprint")) {
                                    return call.proceed();
                                }
                                Map<String, Node> found = new HashMap<>(call.<Map<String, Node>>result());
                                for (Object fingerprint : call.argument(Collection.class)) {
                                    UUID id = holders.get(call.scope().namespace() + (String) fingerprint);
                                    if (id != null) {
                                        call.healthy()
                                                .graph()
                                                .get(call.scope(), List.of(id))
                                                .forEach(node -> found.putIfAbsent((String) fingerprint, node));
                                    }
                                }
                                return found;
                            };
                        }));
    }

    private static List<Defect> diffs() {
        return List.of(
                of(
                        "diff-includes-its-start",
                        "A diff reports what happened at its first instant.",
                        "N11",
                        in(
                                "graph.diff",
                                call -> call.with(
                                                Instant.class,
                                                call.argument(Instant.class).minusNanos(1_000))
                                        .proceed())),
                of(
                        "diff-without-retractions",
                        "A diff reports retractions as changes.",
                        "N11",
                        seen(
                                "graph.diff",
                                NodeChange.class,
                                change -> change.kind() == NodeChange.Kind.RETRACTED
                                        ? NodeChange.of(
                                                NodeChange.Kind.CHANGED,
                                                change.node().orElseThrow())
                                        : change)),
                of(
                        "diff-without-erasures",
                        "A diff leaves out what was erased.",
                        "N11",
                        hidden("graph.diff", NodeChange.class, change -> change.kind() == NodeChange.Kind.ERASED)),
                of(
                        "diff-of-added-as-changed",
                        "A diff reports a new node that has several versions as changed.",
                        "N11",
                        seen(
                                "graph.diff",
                                NodeChange.class,
                                change -> change.kind() == NodeChange.Kind.ADDED
                                                && change.node().orElseThrow().version() > 1
                                        ? NodeChange.of(
                                                NodeChange.Kind.CHANGED,
                                                change.node().orElseThrow())
                                        : change)),
                of(
                        "diff-shows-the-present",
                        "A diff shows nodes as they are now, not as they were at its end.",
                        "N11",
                        in(
                                "graph.diff",
                                call -> Rewriting.within(
                                        call.proceed(),
                                        Node.class,
                                        node -> call.healthy().graph().get(call.scope(), List.of(node.id())).stream()
                                                .findFirst()
                                                .orElse(node)))),
                of(
                        "diff-by-time",
                        "A diff is ordered by time.",
                        "N11",
                        listed("graph.diff", (List<NodeChange> changes) -> {
                            Set<UUID> erased = new HashSet<>();
                            changes.stream()
                                    .filter(change -> change.node().isEmpty())
                                    .forEach(change -> erased.add(change.id()));
                            return changes.stream()
                                    .sorted(Comparator.comparing(change -> change.node()
                                            .map(node -> node.revision()
                                                    .transaction()
                                                    .from())
                                            .orElse(BEGINNING)))
                                    .toList();
                        })),
                of(
                        "diff-backwards-accepted",
                        "A diff whose end is before its start is empty, not refused.",
                        "N11",
                        quiet(
                                "graph.diff",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("diff.to"),
                                call -> Page.last(List.of()))),
                of(
                        "node-scan-unordered",
                        "Scans return nodes in the order of their writing.",
                        "N11",
                        listed(
                                "graph.scan",
                                (List<Node> nodes) -> nodes.stream()
                                        .sorted(Comparator.comparing(node ->
                                                node.revision().transaction().from()))
                                        .toList())),
                of(
                        "scan-ids-signed",
                        "Scans order ids as signed numbers.",
                        "N11 G12",
                        listed(
                                "graph.scan",
                                (List<Node> nodes) -> nodes.stream()
                                        .sorted(Comparator.comparing(Node::id))
                                        .toList())));
    }
}
