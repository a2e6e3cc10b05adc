package io.contextdb.backend.embedded;

import io.contextdb.spi.value.UuidOrder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.jspecify.annotations.Nullable;

/** Collects the smallest ids after one. */
final class NextIds extends SimpleCollector {
    private static final int BETWEEN_CHECKS = 8_192;

    private final UUID after;
    private final int count;
    private final BestCandidates.Check check;
    private final PriorityQueue<UUID> smallest = new PriorityQueue<>(UuidOrder.INSTANCE.reversed());
    private @Nullable BinaryDocValues ids;
    private int seen;

    private NextIds(UUID after, int count, BestCandidates.Check check) {
        this.after = after;
        this.count = count;
        this.check = check;
    }

    static CollectorManager<NextIds, List<UUID>> of(UUID after, int count, BestCandidates.Check check) {
        return new CollectorManager<>() {
            @Override
            public NextIds newCollector() {
                return new NextIds(after, count, check);
            }

            @Override
            public List<UUID> reduce(Collection<NextIds> collectors) {
                List<UUID> all = new ArrayList<>();
                collectors.forEach(each -> all.addAll(each.smallest));
                all.sort(UuidOrder.INSTANCE);
                return List.copyOf(all.size() > count ? all.subList(0, count) : all);
            }
        };
    }

    @Override
    protected void doSetNextReader(LeafReaderContext leaf) throws IOException {
        check.check();
        ids = leaf.reader().getBinaryDocValues(PointDocument.ID);
    }

    @Override
    public void collect(int document) throws IOException {
        if (++seen % BETWEEN_CHECKS == 0) {
            check.check();
        }
        BinaryDocValues of = ids;
        if (of == null || !of.advanceExact(document)) {
            return;
        }
        UUID id = PointDocument.id(of.binaryValue());
        if (UuidOrder.INSTANCE.compare(id, after) > 0
                && (smallest.size() < count || UuidOrder.INSTANCE.compare(id, smallest.element()) < 0)) {
            smallest.add(id);
            if (smallest.size() > count) {
                smallest.remove();
            }
        }
    }

    @Override
    public ScoreMode scoreMode() {
        return ScoreMode.COMPLETE_NO_SCORES;
    }
}
