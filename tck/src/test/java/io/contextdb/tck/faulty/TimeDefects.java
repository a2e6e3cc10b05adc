package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;
import static io.contextdb.tck.faulty.Fault.written;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeChange;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.graph.Revision;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Mistakes with the two axes of time, and with retractions. */
final class TimeDefects {
    private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

    private TimeDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(time());
        all.addAll(retraction());
        return all;
    }

    private static Node with(Node node, Revision revision) {
        return new Node(node.id(), node.content(), revision);
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
                        asked("graph.scan", AsOf.class, TimeDefects::justBefore)),
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
                        asked("graph.get", AsOf.class, TimeDefects::asKnownNow)),
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
                        asked("graph.scan", AsOf.class, TimeDefects::asKnownNow)),
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
                knownTwice("graph.scan", "Scans return", "N11 N1"),
                knownTwice("graph.edges", "Lists of edges return", "N7 N1"),
                of(
                        "older-valid-version-answers",
                        "Where the version that was known does not hold, an older one that does is returned.",
                        "N3 N5",
                        in("graph.get", AsOf.class, TimeDefects::olderAnswers)));
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

    private static Defect knownTwice(String operation, String what, String statements) {
        return of(
                operation.replace('.', '-') + "-known-axis-closed",
                what + " the version that was superseded at the instant asked for, too.",
                statements,
                in(operation, call -> {
                    Page<Object> now = call.result();
                    Page<Object> before = call.rewriting(
                                    AsOf.class,
                                    asOf -> asOf.knownAt()
                                            .map(known ->
                                                    AsOf.of(asOf.validAt().orElse(known), known.minusNanos(1_000)))
                                            .orElse(asOf))
                            .result();
                    List<Object> both = new ArrayList<>(now.items());
                    before.items().stream().filter(item -> !both.contains(item)).forEach(both::add);
                    return new Page<>(both, now.next());
                }));
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
        for (UUID id : call.asked(UUID.class)) {
            if (found.stream().noneMatch(node -> node.id().equals(id))) {
                call.healthy().graph().history(call.scope(), id, PageRequest.first()).items().reversed().stream()
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
                        listed("graph.history", TimeDefects::inPlace)),
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
                                call -> call.pretended(new MutationResult.Written(1)))),
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
}
