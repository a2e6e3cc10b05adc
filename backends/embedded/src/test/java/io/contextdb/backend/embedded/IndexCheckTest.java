package io.contextdb.backend.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.search.IndexSearcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index that is too large to be checked at open is checked in the background. */
class IndexCheckTest {
    private static final UUID STORE = new UUID(7, 7);
    private static final IndexedSpace SPACE = new IndexedSpace(1, VectorSpace.cosine("s", 2));

    @TempDir
    Path directory;

    /** Records of one commit. */
    private static final class OneCommit implements IndexSource {
        final AtomicInteger read = new AtomicInteger();

        static List<Touched.PointChange> points() {
            return IntStream.range(0, 200)
                    .mapToObj(i -> new Touched.PointChange(
                            SPACE,
                            new UUID(0, i),
                            VectorPoint.builder(new UUID(0, i))
                                    .vector(1, i)
                                    .text("word" + i)
                                    .build(),
                            1))
                    .toList();
        }

        @Override
        public boolean accepts(long covered, long life) {
            return true;
        }

        @Override
        public void check() {}

        @Override
        public boolean hasChanges(long from) {
            return from < 1;
        }

        @Override
        public long life(long commit) {
            return 0;
        }

        @Override
        public void changes(long from, long to, Each each) throws IOException {
            if (from < 1) {
                read.incrementAndGet();
                for (Touched.PointChange point : points()) {
                    each.take(point);
                }
            }
        }
    }

    private Path index() {
        return directory.resolve("index");
    }

    private PointIndex open(OneCommit records) throws IOException {
        PointIndex index = new PointIndex(index(), STORE, 1, "test", records, 0);
        index.start();
        return index;
    }

    private static void await(PointIndex index) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!(index.ready() && index.isChecked()) && System.nanoTime() < until) {
            Thread.sleep(5);
        }
        assertThat(index.ready() && index.isChecked()).isTrue();
    }

    private void fill() throws IOException, InterruptedException {
        try (PointIndex index = open(new OneCommit())) {
            await(index);
        }
    }

    @Test
    void whatIsWholeIsKept() throws IOException, InterruptedException {
        fill();
        OneCommit records = new OneCommit();
        try (PointIndex index = open(records)) {
            await(index);
            assertThat(index.verify(Deadline.after(Duration.ofSeconds(60)))).isEmpty();
        }
        assertThat(records.read).hasValue(0);
    }

    @Test
    void whatIsDamagedIsMadeAnew() throws IOException, InterruptedException {
        fill();
        // Within the vectors: nobody but a checksum could tell.
        Path file;
        try (Stream<Path> files = Files.list(index())) {
            file = files.filter(each -> each.toString().endsWith(".cfs"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[firstVector(bytes)] ^= 1;
        Files.write(file, bytes);
        OneCommit records = new OneCommit();
        try (PointIndex index = open(records)) {
            await(index);
            assertThat(index.failures()).isEqualTo(1);
            IndexSearcher searcher = index.acquire();
            assertThat(searcher.getIndexReader().numDocs()).isEqualTo(200);
            PointIndex.release(searcher);
        }
        assertThat(records.read).hasValue(1);
        assertThat(LuceneFiles.verify(index())).isEmpty();
    }

    /** Returns where (1, 1) stands, made as long as 1: a byte of it is looked at by nothing but a search, and a checksum. */
    private static int firstVector(byte[] bytes) {
        byte[] vector = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat((float) Math.sqrt(0.5))
                .putFloat((float) Math.sqrt(0.5))
                .array();
        for (int i = 0; i < bytes.length - vector.length; i++) {
            if (Arrays.equals(bytes, i, i + vector.length, vector, 0, vector.length)) {
                return i;
            }
        }
        throw new AssertionError("the vector is not in the file");
    }

    @Test
    void aFailureThatIsNoDamageChangesNothing() throws IOException, InterruptedException {
        OneCommit records = new OneCommit();
        try (PointIndex index = open(records)) {
            await(index);
            IndexSearcher searcher = index.acquire();
            try {
                assertThat(index.failed(new IndexSearcher.TooManyClauses(), searcher))
                        .isEqualTo(IndexFailure.REFUSED);
                assertThat(index.failed(new IllegalArgumentException("a mistake"), searcher))
                        .isEqualTo(IndexFailure.UNCLEAR);
                assertThat(index.failed(new OutOfMemoryError(), searcher)).isEqualTo(IndexFailure.PASSING);
            } finally {
                PointIndex.release(searcher);
            }
            assertThat(index.ready()).isTrue();
        }
        assertThat(records.read).hasValue(1);
    }

    @Test
    void whatFailsAgainRestsLongerEachTime() {
        Rest rest = new Rest();
        long now = System.nanoTime();
        assertThat(List.of(rest.failed(now), rest.failed(now), rest.failed(now), rest.failed(now)))
                .containsExactly(
                        0L, TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(2), TimeUnit.SECONDS.toNanos(4));
        for (int i = 0; i < 40; i++) {
            assertThat(rest.failed(now)).isLessThanOrEqualTo(TimeUnit.MINUTES.toNanos(1));
        }
        assertThat(rest.failed(now + TimeUnit.MINUTES.toNanos(11)))
                .as("forgiven")
                .isZero();
    }
}
