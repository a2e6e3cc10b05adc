package io.contextdb.backend.memory;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;

/** Reads of vector spaces: each call takes a snapshot, and every search looks at every point, so that all are exact. */
record MemoryVectors(Session session) implements VectorReader {
    private static final int CHECKED_EVERY = 4_096;

    @Override
    public List<VectorSpace> spaces(ReadScope scope) {
        return session.state(scope).vectors().spaces().values().stream()
                .map(VectorState.Space::definition)
                .toList();
    }

    @Override
    public List<List<Hit>> search(ReadScope scope, List<VectorQuery> queries) {
        VectorState state = session.state(scope).vectors();
        List<List<Hit>> results = new ArrayList<>();
        for (VectorQuery query : queries) {
            results.add(search(scope, space(state, query.space()), query));
        }
        return results;
    }

    private static List<Hit> search(ReadScope scope, VectorState.Space space, VectorQuery query) {
        VectorChanges.check(space.definition(), query.vector());
        float[] vector = query.vector().toArray();
        double norm = Math.sqrt(StoredPoint.dot(vector, vector));
        Best best = new Best(query.k());
        int looked = 0;
        for (StoredPoint stored : space.points().values()) {
            if (looked++ % CHECKED_EVERY == 0) {
                scope.deadline().check("vector search");
            }
            if (stored.hasVector() && query.filter().matches(stored.point())) {
                double similarity = stored.similarity(space.definition().metric(), vector, norm);
                best.offer(new Hit(stored.point(), similarity));
            }
        }
        return query.withVectors() ? best.inOrder() : withoutVectors(best.inOrder());
    }

    @Override
    public List<List<Hit>> searchText(ReadScope scope, List<TextQuery> queries) {
        VectorState state = session.state(scope).vectors();
        List<List<Hit>> results = new ArrayList<>();
        for (TextQuery query : queries) {
            VectorState.Space space = space(state, query.space());
            Best best = new Best(query.k());
            for (Map.Entry<UUID, Double> score :
                    space.texts().scores(query.text(), query.fuzzy()).entrySet()) {
                StoredPoint stored = space.points().get(score.getKey());
                if (stored != null && query.filter().matches(stored.point())) {
                    best.offer(new Hit(stored.point(), score.getValue()));
                }
            }
            results.add(withoutVectors(best.inOrder()));
        }
        return results;
    }

    /** The best hits seen so far, the worst of them on top. */
    private record Best(int k, PriorityQueue<Hit> heap) {
        Best(int k) {
            this(k, new PriorityQueue<>(Hit.ORDER.reversed()));
        }

        void offer(Hit hit) {
            heap.add(hit);
            if (heap.size() > k) {
                heap.remove();
            }
        }

        List<Hit> inOrder() {
            return heap.stream().sorted(Hit.ORDER).toList();
        }
    }

    private static List<Hit> withoutVectors(List<Hit> hits) {
        return hits.stream()
                .map(hit -> new Hit(hit.point().withoutVector(), hit.score()))
                .toList();
    }

    @Override
    public List<VectorPoint> get(ReadScope scope, String space, Collection<UUID> ids) {
        VectorState.Space found = space(session.state(scope).vectors(), space);
        List<VectorPoint> points = new ArrayList<>();
        for (UUID id : new LinkedHashSet<>(ids)) {
            StoredPoint stored = found.points().get(id);
            if (stored != null) {
                points.add(stored.point());
            }
        }
        return points;
    }

    @Override
    public Page<VectorPoint> scroll(ReadScope scope, String space, Filter filter, PageRequest page) {
        VectorState.Space found = space(session.state(scope).vectors(), space);
        Map<UUID, StoredPoint> rest = found.points();
        for (String after : Cursor.read(page, "points", 1)) {
            rest = found.points().tailMap(Cursor.uuid(after), false);
        }
        List<VectorPoint> read = rest.values().stream()
                .map(StoredPoint::point)
                .filter(filter::matches)
                .limit(page.limit() + 1L)
                .toList();
        return Page.of(read, page.limit(), last -> Cursor.of("points", last.id()));
    }

    @Override
    public long count(ReadScope scope, String space, Filter filter) {
        return space(session.state(scope).vectors(), space).points().values().stream()
                .filter(stored -> filter.matches(stored.point()))
                .count();
    }

    private static VectorState.Space space(VectorState state, String name) {
        return VectorChanges.space(state.spaces(), name);
    }
}
