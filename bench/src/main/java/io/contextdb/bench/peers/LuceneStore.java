package io.contextdb.bench.peers;

import io.contextdb.bench.BareLucene;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Lucene alone: each change is committed, so that it is durable, and refreshed, so that it is seen. */
final class LuceneStore implements PeerStore {
    private final BareLucene index;

    LuceneStore(Path path) throws IOException {
        index = new BareLucene(path);
    }

    @Override
    public String name() {
        return "plain Lucene, a commit and a refresh each";
    }

    @Override
    public void add(List<Stored> points) throws IOException {
        for (Stored point : points) {
            index.put(point.id(), point.vector(), point.text(), point.bucket());
        }
        show();
    }

    @Override
    public List<UUID> search(float[] query, int bucket) throws IOException {
        return index.search(query, bucket);
    }

    @Override
    public void delete(List<UUID> ids) throws IOException {
        for (UUID id : ids) {
            index.delete(id);
        }
        show();
    }

    private void show() throws IOException {
        index.commit();
        index.refresh();
    }

    @Override
    public void close() throws IOException {
        index.close();
    }
}
