package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.MutationResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Changes of edges, which are versioned as nodes are (contract N7). */
final class EdgeChanges {
    private static final String LOAD = """
            SELECT e.id, e.version, e.from_id, e.to_id, e.type, e.weight, e.valid_from, e.valid_to,
                   CASE WHEN e.id = ANY (?) THEN e.properties::text ELSE '' END
              FROM cdb.edge e WHERE e.ns = ? AND e.id = ANY (?) AND e.tx_to = 9223372036854775807
            """;
    private static final String SUPERSEDE = """
            UPDATE cdb.edge e SET tx_to = c.at FROM %s c
             WHERE e.ns = ? AND e.id = c.id AND e.tx_to = 9223372036854775807
            """.formatted(ArrayRows.of("id uuid, at int8"));
    private static final String APPEND = """
            INSERT INTO cdb.edge (ns, id, version, from_id, to_id, type, weight, valid_from, valid_to, tx_from, tx_to,
                                  retraction, properties)
            SELECT ?, r.id, r.version, r.from_id, r.to_id, r.type, r.weight, r.valid_from, r.valid_to, r.tx_from, r.tx_to,
                   r.retraction, r.properties::jsonb
              FROM %s r
            """.formatted(ArrayRows.of(
            "id uuid, version int8, from_id uuid, to_id uuid, type text, weight float8, valid_from int8, "
                    + "valid_to int8, tx_from int8, tx_to int8, retraction text, properties text"));

    private record State(
            long version,
            UUID from,
            UUID to,
            String type,
            double weight,
            long validFrom,
            long validTo,
            String properties) {}

    private record Version(UUID id, State state, long time, String retraction) {}

    private final NodeChanges nodes;
    private final Layered<UUID, State> edges = new Layered<>();
    private final Pending<Version> versions = new Pending<>();
    private final Set<UUID> stored = new HashSet<>();

    EdgeChanges(NodeChanges nodes) {
        this.nodes = nodes;
    }

    void load(Script script, int namespace, List<GraphMutation> mutations) {
        Set<UUID> all = new LinkedHashSet<>();
        Set<UUID> retracted = new LinkedHashSet<>();
        for (GraphMutation mutation : mutations) {
            if (mutation instanceof GraphMutation.PutEdge put) {
                all.add(put.draft().id());
            } else if (mutation instanceof GraphMutation.RetractEdge retract) {
                retracted.add(retract.id());
            }
        }
        all.addAll(retracted);
        if (!all.isEmpty()) {
            script.rows(
                    this::loaded, LOAD, Many.uuids(List.copyOf(retracted)), namespace, Many.uuids(List.copyOf(all)));
        }
    }

    private void loaded(ResultSet row) throws SQLException {
        UUID id = Columns.uuid(row, 1);
        stored.add(id);
        edges.load(
                id,
                new State(
                        row.getLong(2),
                        Columns.uuid(row, 3),
                        Columns.uuid(row, 4),
                        row.getString(5),
                        row.getDouble(6),
                        row.getLong(7),
                        row.getLong(8),
                        row.getString(9)));
    }

    MutationResult put(GraphMutation.PutEdge put, Step step) {
        EdgeDraft draft = put.draft();
        EdgeContent content = draft.content();
        State current = edges.get(draft.id());
        long version = current == null ? 0 : current.version();
        if (!put.condition().admits(step.index(), version, "edge " + draft.id())) {
            return new MutationResult.Skipped(version);
        }
        if (current != null
                && !(content.from().equals(current.from()) && content.to().equals(current.to()))) {
            throw new InvalidRequestException(
                    "edge.from, edge.to",
                    "must stay as they are: edge " + draft.id() + " leads from " + current.from() + " to "
                            + current.to() + "; retract it and put another");
        }
        requireNode("edge.from", content.from());
        requireNode("edge.to", content.to());
        Interval validity = draft.validityAt(step.instant());
        append(
                draft.id(),
                new State(
                        version + 1,
                        content.from(),
                        content.to(),
                        content.type(),
                        content.weight(),
                        Columns.of(validity.from()),
                        Columns.of(validity.to()),
                        JsonColumn.write(content.properties())),
                step.time(),
                "");
        return new MutationResult.Written(version + 1);
    }

    private void requireNode(String field, UUID id) {
        if (!nodes.exists(id)) {
            throw new InvalidRequestException(
                    ErrorCode.NOT_FOUND, field, "must be a node of the namespace or of the batch, is " + id);
        }
    }

    MutationResult retract(GraphMutation.RetractEdge retract, Step step) {
        State current = edges.get(retract.id());
        long version = current == null ? 0 : current.version();
        if (!retract.condition().admits(step.index(), version, "edge " + retract.id())) {
            return new MutationResult.Skipped(version);
        }
        if (current == null) {
            throw GraphChanges.absent("edge", retract.id());
        }
        append(
                retract.id(),
                new State(
                        version + 1,
                        current.from(),
                        current.to(),
                        current.type(),
                        current.weight(),
                        current.validFrom(),
                        GraphChanges.end(current.validFrom(), current.validTo(), step.time()),
                        current.properties()),
                step.time(),
                retract.reason());
        return new MutationResult.Written(version + 1);
    }

    private void append(UUID id, State state, long time, String retraction) {
        edges.put(id, state);
        versions.add(new Version(id, state, time, retraction));
    }

    void keep() {
        edges.keep();
        versions.keep();
    }

    void undo() {
        edges.undo();
        versions.undo();
    }

    void flush(Script script, int namespace) {
        if (versions.isEmpty()) {
            return;
        }
        List<Version> all = versions.all();
        List<UUID> ids = all.stream().map(Version::id).toList();
        Map<UUID, Long> superseded = new HashMap<>();
        all.stream()
                .filter(version -> stored.contains(version.id()))
                .forEach(version -> superseded.putIfAbsent(version.id(), version.time()));
        if (!superseded.isEmpty()) {
            List<UUID> ended = List.copyOf(superseded.keySet());
            script.run(SUPERSEDE, Many.uuids(ended), Many.longs(ended, superseded::get), namespace);
        }
        List<State> states = all.stream().map(Version::state).toList();
        script.run(
                APPEND,
                namespace,
                Many.uuids(ids),
                Many.longs(states, State::version),
                Many.uuids(states, State::from),
                Many.uuids(states, State::to),
                Many.texts(states, State::type),
                Many.doubles(states, State::weight),
                Many.longs(states, State::validFrom),
                Many.longs(states, State::validTo),
                Many.longs(all, Version::time),
                new Many(
                        "int8",
                        NodeChanges.endings(ids, all.stream().map(Version::time).toList())),
                Many.texts(all, Version::retraction),
                Many.texts(states, State::properties));
    }
}
