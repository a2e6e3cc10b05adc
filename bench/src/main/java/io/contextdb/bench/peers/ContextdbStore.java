package io.contextdb.bench.peers;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.bench.VectorData;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.util.List;
import java.util.UUID;

/** Ours, by a URL. */
final class ContextdbStore implements PeerStore {
    private static final String SPACE = "default";

    private final String name;
    private final ContextConnection connection;
    private final Namespace namespace;

    ContextdbStore(String name, String url) {
        this.name = name;
        connection = ContextDriverManager.getConnection(url);
        namespace = connection.namespace("peers");
        // The server may have served an earlier run.
        namespace.drop();
        namespace.vectors().createSpace(VectorSpace.cosine(SPACE, VectorData.DIMENSIONS));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void add(List<Stored> points) {
        namespace
                .vectors()
                .put(
                        SPACE,
                        points.stream()
                                .map(point -> VectorPoint.builder(point.id())
                                        .vector(point.vector())
                                        .text(point.text())
                                        .property("bucket", point.bucket())
                                        .build())
                                .toList());
    }

    @Override
    public List<UUID> search(float[] query, int bucket) {
        Filter filter = bucket < 0 ? Filter.everything() : Filter.eq(Field.property("bucket"), bucket);
        return namespace
                .vectors()
                .search(VectorQuery.nearest(SPACE, Vector.of(query), VectorData.K)
                        .where(filter))
                .stream()
                .map(hit -> hit.point().id())
                .toList();
    }

    @Override
    public void delete(List<UUID> ids) {
        var batch = namespace.batch();
        ids.forEach(id -> batch.deletePoint(SPACE, id));
        batch.apply();
    }

    @Override
    public void close() {
        connection.close();
    }
}
