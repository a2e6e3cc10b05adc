package io.contextdb.backend.embedded;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's HNSW format without its limit of 1,024 dimensions, which is a matter of the writer alone: it goes by the
 * delegate's name, so that the stock codec reads what it wrote.
 */
final class WideVectorsFormat extends KnnVectorsFormat {
    private static final int MAX_DIMENSIONS = 16_384;
    /** Segments of fewer than about 2,500 vectors get no graph: they are scanned as fast, and are merged away soon. */
    private static final int TINY = 300;

    private static final String NAME = "Lucene99HnswVectorsFormat";

    private final KnnVectorsFormat delegate = new Lucene99HnswVectorsFormat(
            Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN, Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH, 1, null, TINY);

    private WideVectorsFormat() {
        super(NAME);
    }

    static Codec codec() {
        KnnVectorsFormat format = new WideVectorsFormat();
        return new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
            }
        };
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return delegate.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return delegate.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
        return MAX_DIMENSIONS;
    }
}
