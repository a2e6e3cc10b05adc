package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.UuidOrder;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes of nodes: each appends a version, and ends the one before it (contract N1, N5, N10). */
final class NodeChanges {
    /** Content is read only of nodes that are retracted, whose next version repeats it. */
    private static final String LOAD = """
            SELECT n.id, n.version, n.valid_from, n.valid_to, n.fingerprint, n.id = ANY (?),
                   CASE WHEN n.id = ANY (?) THEN n.confidence END, CASE WHEN n.id = ANY (?) THEN n.labels::text END,
                   CASE WHEN n.id = ANY (?) THEN n.source END, CASE WHEN n.id = ANY (?) THEN n.properties END
              FROM cdb.node n WHERE n.ns = ? AND n.id = ANY (?) AND n.tx_to = 9223372036854775807
            """;

    private static final String HOLDERS = """
            SELECT n.id, n.version, n.valid_from, n.valid_to, n.fingerprint, FALSE
              FROM cdb.node n WHERE n.ns = ? AND n.fingerprint = ANY (?) AND n.fingerprint <> ''
               AND n.tx_to = 9223372036854775807
            """;
    private static final String ERASED = "SELECT id FROM cdb.erased WHERE ns = ? AND id = ANY (?)";
    private static final String SUPERSEDE = """
            UPDATE cdb.node n SET tx_to = c.at FROM %s c
             WHERE n.ns = ? AND n.id = c.id AND n.tx_to = 9223372036854775807
            """.formatted(ArrayRows.of("id uuid, at int8"));
    private static final String APPEND = """
            INSERT INTO cdb.node (ns, id, version, valid_from, valid_to, tx_from, tx_to, confidence, labels, source,
                                  fingerprint, retraction, properties)
            SELECT ?, r.id, r.version, r.valid_from, r.valid_to, r.tx_from, r.tx_to, r.confidence, r.labels::text[], r.source,
                   r.fingerprint, r.retraction, r.properties::jsonb
              FROM %s r
            """.formatted(
                    ArrayRows.of("id uuid, version int8, valid_from int8, valid_to int8, tx_from int8, tx_to int8, "
                            + "confidence float8, labels text, source text, fingerprint text, retraction text, "
                            + "properties text"));

    /** What a node states, as its row holds it. */
    private record Body(double confidence, String labels, String source, String properties) {}

    private record State(
            long version,
            long validFrom,
            long validTo,
            String fingerprint,
            @Nullable Body body) {}

    private record Version(UUID id, State state, long time, String retraction) {}

    private final Layered<UUID, State> nodes = new Layered<>();
    private final Pending<Version> versions = new Pending<>();
    private final Set<UUID> stored = new HashSet<>();
    private final Set<UUID> erased = new HashSet<>();
    /** Nodes that may carry a fingerprint; whether they do, their state says. */
    private final Map<String, Set<UUID>> holders = new HashMap<>();

    void load(Script script, int namespace, List<GraphMutation> mutations) {
        Set<UUID> puts = new LinkedHashSet<>();
        Set<UUID> retracted = new LinkedHashSet<>();
        Set<UUID> ends = new LinkedHashSet<>();
        Set<String> fingerprints = new LinkedHashSet<>();
        for (GraphMutation mutation : mutations) {
            if (mutation instanceof GraphMutation.PutNode put) {
                puts.add(put.draft().id());
                if (asks(put)) {
                    fingerprints.add(put.draft().content().fingerprint());
                }
            } else if (mutation instanceof GraphMutation.RetractNode retract) {
                retracted.add(retract.id());
            } else if (mutation instanceof GraphMutation.PutEdge put) {
                ends.add(put.draft().content().from());
                ends.add(put.draft().content().to());
            }
        }
        Set<UUID> all = new LinkedHashSet<>(puts);
        all.addAll(retracted);
        all.addAll(ends);
        if (!all.isEmpty()) {
            Many whole = Many.uuids(List.copyOf(retracted));
            script.rows(this::loaded, LOAD, whole, whole, whole, whole, whole, namespace, Many.uuids(List.copyOf(all)));
        }
        if (!puts.isEmpty()) {
            script.rows(row -> erased.add(Columns.uuid(row, 1)), ERASED, namespace, Many.uuids(List.copyOf(puts)));
        }
        if (!fingerprints.isEmpty()) {
            script.rows(this::loaded, HOLDERS, namespace, Many.texts(List.copyOf(fingerprints)));
        }
    }

    private static boolean asks(GraphMutation.PutNode put) {
        return put.fingerprints() != GraphMutation.Fingerprints.SHARED
                && !put.draft().content().fingerprint().isEmpty();
    }

    private void loaded(ResultSet row) throws SQLException {
        UUID id = Columns.uuid(row, 1);
        Body body = row.getBoolean(6)
                ? new Body(row.getDouble(7), row.getString(8), row.getString(9), row.getString(10))
                : null;
        stored.add(id);
        holders.computeIfAbsent(row.getString(5), fingerprint -> new TreeSet<>(UuidOrder.INSTANCE))
                .add(id);
        if (body != null || nodes.get(id) == null) {
            nodes.load(id, new State(row.getLong(2), row.getLong(3), row.getLong(4), row.getString(5), body));
        }
    }

    boolean exists(UUID id) {
        return nodes.get(id) != null;
    }

    MutationResult put(GraphMutation.PutNode put, Step step) {
        NodeDraft draft = put.draft();
        UUID id = draft.id();
        State current = nodes.get(id);
        if (current == null && erased.contains(id)) {
            throw new InvalidRequestException("node.id", "was erased and cannot be written again: " + id);
        }
        long version = current == null ? 0 : current.version();
        if (!put.condition().admits(step.index(), version, "node " + id)) {
            return new MutationResult.Skipped(version);
        }
        NodeContent content = draft.content();
        if (asks(put)) {
            UUID holder = holder(content.fingerprint(), id, step.time());
            State held = holder == null ? null : nodes.get(holder);
            if (holder != null && held != null) {
                return existing(put, step, version, holder, held.version());
            }
        }
        Interval validity = draft.validityAt(step.instant());
        Body body = new Body(
                content.confidence(),
                Columns.array(content.labels()),
                content.source(),
                JsonColumn.write(content.properties()));
        append(
                id,
                new State(
                        version + 1,
                        Columns.of(validity.from()),
                        Columns.of(validity.to()),
                        content.fingerprint(),
                        body),
                step.time(),
                "");
        return new MutationResult.Written(version + 1);
    }

    private static MutationResult existing(
            GraphMutation.PutNode put, Step step, long version, UUID holder, long holderVersion) {
        if (put.fingerprints() == GraphMutation.Fingerprints.UNIQUE_OR_EXISTING) {
            return new MutationResult.Existing(holder, holderVersion);
        }
        throw new PreconditionFailedException(
                step.index(),
                "fingerprint '" + put.draft().content().fingerprint() + "' is held by node " + holder,
                version,
                holder);
    }

    private @Nullable UUID holder(String fingerprint, UUID except, long now) {
        for (UUID id : holders.getOrDefault(fingerprint, Set.of())) {
            State state = nodes.get(id);
            if (!id.equals(except)
                    && state != null
                    && state.fingerprint().equals(fingerprint)
                    && state.validFrom() <= now
                    && state.validTo() > now) {
                return id;
            }
        }
        return null;
    }

    MutationResult retract(GraphMutation.RetractNode retract, Step step) {
        State current = nodes.get(retract.id());
        long version = current == null ? 0 : current.version();
        if (!retract.condition().admits(step.index(), version, "node " + retract.id())) {
            return new MutationResult.Skipped(version);
        }
        if (current == null) {
            throw GraphChanges.absent("node", retract.id());
        }
        append(
                retract.id(),
                new State(
                        version + 1,
                        current.validFrom(),
                        GraphChanges.end(current.validFrom(), current.validTo(), step.time()),
                        current.fingerprint(),
                        current.body()),
                step.time(),
                retract.reason());
        return new MutationResult.Written(version + 1);
    }

    private void append(UUID id, State state, long time, String retraction) {
        nodes.put(id, state);
        versions.add(new Version(id, state, time, retraction));
        holders.computeIfAbsent(state.fingerprint(), fingerprint -> new TreeSet<>(UuidOrder.INSTANCE))
                .add(id);
    }

    void keep() {
        nodes.keep();
        versions.keep();
    }

    void undo() {
        nodes.undo();
        versions.undo();
    }

    void flush(Script script, int namespace) {
        if (versions.isEmpty()) {
            return;
        }
        List<Version> all = versions.all();
        long[] endings = endings(
                all.stream().map(Version::id).toList(),
                all.stream().map(Version::time).toList());
        Map<UUID, Long> superseded = new HashMap<>();
        all.stream()
                .filter(version -> stored.contains(version.id()))
                .forEach(version -> superseded.putIfAbsent(version.id(), version.time()));
        if (!superseded.isEmpty()) {
            List<UUID> ids = List.copyOf(superseded.keySet());
            script.run(SUPERSEDE, Many.uuids(ids), Many.longs(ids, superseded::get), namespace);
        }
        List<Body> bodies = new ArrayList<>();
        for (Version version : all) {
            Body body = version.state().body();
            if (body == null) {
                throw new IllegalStateException("the content of node " + version.id() + " was not loaded");
            }
            bodies.add(body);
        }
        script.run(
                APPEND,
                namespace,
                Many.uuids(all, Version::id),
                Many.longs(all, version -> version.state().version()),
                Many.longs(all, version -> version.state().validFrom()),
                Many.longs(all, version -> version.state().validTo()),
                Many.longs(all, Version::time),
                new Many("int8", endings),
                Many.doubles(bodies, Body::confidence),
                Many.texts(bodies, Body::labels),
                Many.texts(bodies, Body::source),
                Many.texts(all, version -> version.state().fingerprint()),
                Many.texts(all, Version::retraction),
                Many.texts(bodies, Body::properties));
    }

    /** Returns when each version ends: when the next one of the same entity begins, if there is one. */
    static long[] endings(List<UUID> ids, List<Long> times) {
        long[] endings = new long[ids.size()];
        Map<UUID, Long> next = new HashMap<>();
        for (int i = ids.size() - 1; i >= 0; i--) {
            endings[i] = next.getOrDefault(ids.get(i), Columns.OPEN);
            next.put(ids.get(i), times.get(i));
        }
        return endings;
    }
}
