package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.vector.VectorSpace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads of vector spaces (contract V); several searches of one call go to the server together. */
final class PostgresVectors implements VectorReader {
    static final FilterSql.Table POINTS = new FilterSql.Table(
            Map.of(
                    Field.Kind.ID, "p.id",
                    Field.Kind.LABELS, "p.labels",
                    Field.Kind.PROPERTY, "p.properties",
                    Field.Kind.SOURCE, "p.source",
                    Field.Kind.SUBJECT, "p.subject",
                    Field.Kind.VALID_FROM, "p.valid_from",
                    Field.Kind.VALID_TO, "p.valid_to"),
            true);
    private static final String ALL = "SELECT " + Space.COLUMNS + " FROM cdb.space s WHERE s.ns = ? ORDER BY s.name";
    private static final String WHOLE = "SELECT " + Points.PAYLOAD + ", " + Points.VECTOR + " FROM cdb.point p";

    private final Store store;
    private final VectorIndexes indexes;
    private final Spaces spaces;

    PostgresVectors(Store store, VectorIndexes indexes) {
        this.store = store;
        this.indexes = indexes;
        this.spaces = store.spaces();
    }

    @Override
    public List<VectorSpace> spaces(ReadScope scope) {
        return store.read(
                scope,
                snapshot -> snapshot.list(ALL, Space::read, snapshot.namespace()).stream()
                        .map(Space::definition)
                        .toList());
    }

    @Override
    public List<List<Hit>> search(ReadScope scope, List<VectorQuery> queries) {
        return store.readOnReplica(
                scope,
                snapshot -> spaces.read(
                        snapshot, queries.stream().map(VectorQuery::space).toList(), (known, script) -> {
                            List<VectorSearch> searches = new ArrayList<>();
                            for (VectorQuery query : queries) {
                                Space space = known.get(query.space());
                                if (space == null) {
                                    throw Space.missing(query.space());
                                }
                                space.check(query.vector(), "search.vector");
                                searches.add(new VectorSearch(space, query, indexes.serves(space)));
                            }
                            searches.forEach(search -> search.addTo(script));
                            return () -> {
                                List<List<Hit>> results = new ArrayList<>();
                                for (VectorSearch search : searches) {
                                    results.add(search.hits(snapshot));
                                }
                                return List.copyOf(results);
                            };
                        }));
    }

    @Override
    public List<List<Hit>> searchText(ReadScope scope, List<TextQuery> queries) {
        List<String> names = queries.stream().map(TextQuery::space).toList();
        return store.readOnReplica(scope, snapshot -> {
            List<SpelledWords> words = queries.stream().map(SpelledWords::new).toList();
            if (queries.stream().anyMatch(TextQuery::fuzzy)) {
                spaces.read(snapshot, names, (known, script) -> {
                    for (int i = 0; i < words.size(); i++) {
                        words.get(i).addTo(script, present(known, names.get(i)));
                    }
                    return () -> true;
                });
            }
            return spaces.read(snapshot, names, (known, script) -> {
                List<List<Hit>> results = new ArrayList<>();
                for (int i = 0; i < words.size(); i++) {
                    List<Hit> hits = new ArrayList<>();
                    results.add(hits);
                    TextSearch.addTo(
                            script,
                            present(known, names.get(i)),
                            queries.get(i),
                            words.get(i).weights(),
                            hits);
                }
                return () -> results.stream().map(List::copyOf).toList();
            });
        });
    }

    private static Space present(Map<String, Space> known, String name) {
        Space space = known.get(name);
        if (space == null) {
            throw Space.missing(name);
        }
        return space;
    }

    @Override
    public List<VectorPoint> get(ReadScope scope, String space, Collection<UUID> ids) {
        List<UUID> asked = Asked.of("vectors.ids", ids);
        List<VectorPoint> read = points(store::read, scope, space, "p.id = ANY (?)", List.of(Many.uuids(asked)), "");
        return PostgresGraph.ordered(asked, VectorPoint::id, read);
    }

    @Override
    public Page<VectorPoint> scroll(ReadScope scope, String space, Filter filter, PageRequest page) {
        FilterSql condition = FilterSql.of(filter, POINTS);
        List<Object> bound = new ArrayList<>();
        if (!page.cursor().isEmpty()) {
            bound.add(Cursor.id("points", page.cursor()));
        }
        List<VectorPoint> read = points(
                store::readOnReplica,
                scope,
                space,
                (bound.isEmpty() ? "" : "p.id > ? AND ") + condition.sql(),
                List.of(condition.values(bound)),
                " ORDER BY p.id LIMIT " + (page.limit() + 1));
        return Page.of(read, page.limit(), last -> Cursor.of("points", last.id()));
    }

    /** Reads from the primary, or from where it may be. */
    private interface Reading {
        List<VectorPoint> read(ReadScope scope, Store.Read<List<VectorPoint>> read);
    }

    private List<VectorPoint> points(
            Reading from, ReadScope scope, String name, String where, List<?> bound, String order) {
        return from.read(
                scope,
                snapshot -> spaces.read(snapshot, List.of(name), (known, script) -> {
                    List<VectorPoint> read = new ArrayList<>();
                    List<Object> all = new ArrayList<>();
                    known.values().forEach(space -> all.add(space.id()));
                    all.addAll(bound);
                    script.rows(
                            row -> read.add(Points.whole(row)),
                            WHOLE + " WHERE p.space = ? AND " + where + order,
                            all.toArray());
                    return () -> read;
                }));
    }

    @Override
    public long count(ReadScope scope, String space, Filter filter) {
        FilterSql condition = FilterSql.of(filter, POINTS);
        return store.readOnReplica(
                scope,
                snapshot -> spaces.read(snapshot, List.of(space), (known, script) -> {
                    long[] count = {0};
                    List<Object> id = new ArrayList<>();
                    known.values().forEach(found -> id.add(found.id()));
                    script.rows(
                            row -> count[0] = row.getLong(1),
                            "SELECT count(*) FROM cdb.point p WHERE p.space = ? AND " + condition.sql(),
                            condition.values(id));
                    return () -> count[0];
                }));
    }
}
