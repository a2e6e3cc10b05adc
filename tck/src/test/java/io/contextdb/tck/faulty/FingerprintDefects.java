package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.replaced;

import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Mistakes with fingerprints. */
final class FingerprintDefects {
    private FingerprintDefects() {}

    static List<Defect> all() {
        return fingerprints();
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
                                            .findByFingerprint(call.before(), List.of(fingerprint))
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
                                call -> call.pretended(new MutationResult.Done()))),
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
                                        .get(call.before(), List.of(put.draft().id()))) {
                                    if (old.content()
                                            .fingerprint()
                                            .equals(put.draft().content().fingerprint())) {
                                        return call.pretended(new MutationResult.Existing(old.id(), old.version()));
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
                                for (String fingerprint : call.asked(String.class)) {
                                    UUID id = holders.get(call.scope().namespace() + fingerprint);
                                    if (id != null) {
                                        call.healthy()
                                                .graph()
                                                .get(call.scope(), List.of(id))
                                                .forEach(node -> found.putIfAbsent(fingerprint, node));
                                    }
                                }
                                return found;
                            };
                        }));
    }
}
