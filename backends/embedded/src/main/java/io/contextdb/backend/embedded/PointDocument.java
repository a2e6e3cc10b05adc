package io.contextdb.backend.embedded;

import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.VectorPoint;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.VectorUtil;

/**
 * How a point stands in the index. All spaces share one index, so that the number of open files does not grow with the
 * number of namespaces; each has its own vector field and its own text field, and with them its own graph and its own term
 * statistics.
 */
final class PointDocument {
    static final String KEY = "key";
    static final String SPACE = "space";
    static final String ID = "id";
    static final String FILTER = "filter";
    static final String VALID_FROM = "from";
    static final String VALID_TO = "to";

    /** Relative error of a score in 32-bit floats, of as many dimensions as a vector has at most. */
    private static final double ROUNDING = 5e-6;

    private PointDocument() {}

    static Document of(IndexedSpace space, VectorPoint point) {
        Document document = new Document();
        document.add(new StringField(KEY, bytes(space.id(), point.id()), Field.Store.NO));
        document.add(new StringField(SPACE, bytes(space.id()), Field.Store.NO));
        document.add(new BinaryDocValuesField(ID, new BytesRef(Columns.of(point.id()))));
        document.add(new LongPoint(VALID_FROM, Columns.of(point.validity().from())));
        if (!point.validity().isOpen()) {
            document.add(new LongPoint(VALID_TO, Columns.of(point.validity().to())));
        }
        for (BytesRef term : FilterTerms.of(point)) {
            document.add(new StringField(FILTER, term, Field.Store.NO));
        }
        point.vector()
                .ifPresent(vector -> document.add(new KnnFloatVectorField(
                        vectorField(space),
                        comparable(space.space().metric(), vector.toArray()),
                        similarity(space.space().metric()))));
        if (!point.text().isEmpty()) {
            document.add(new TextField(textField(space), point.text(), Field.Store.NO));
        }
        return document;
    }

    static String vectorField(IndexedSpace space) {
        return "v" + space.id();
    }

    static String textField(IndexedSpace space) {
        return "t" + space.id();
    }

    static Term key(long space, UUID id) {
        return new Term(KEY, bytes(space, id));
    }

    static Term space(long space) {
        return new Term(SPACE, bytes(space));
    }

    /** Returns the id that a document has in its field. */
    static UUID id(BytesRef bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static BytesRef bytes(long space, UUID id) {
        return new BytesRef(ByteBuffer.allocate(24)
                .putLong(space)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array());
    }

    private static BytesRef bytes(long space) {
        return new BytesRef(ByteBuffer.allocate(8).putLong(space).array());
    }

    /** Returns a vector as the index compares it: of length 1 under cosine, where the dot product is the cosine. */
    static float[] comparable(Metric metric, float[] values) {
        if (metric != Metric.COSINE) {
            return values;
        }
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        float[] unit = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            unit[i] = (float) (values[i] / length);
        }
        return unit;
    }

    private static VectorSimilarityFunction similarity(Metric metric) {
        return switch (metric) {
            case COSINE -> VectorSimilarityFunction.DOT_PRODUCT;
            case DOT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
            case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
        };
    }

    /** Returns the similarity of comparable vectors in 32-bit floats, good enough to choose candidates by. */
    static float similarity(Metric metric, float[] a, float[] b) {
        return switch (metric) {
            case COSINE, DOT -> VectorUtil.dotProduct(a, b);
            case EUCLIDEAN -> -VectorUtil.squareDistance(a, b);
        };
    }

    /** Returns a similarity as the index scores it, somewhat less so that rounding leaves nothing out. */
    static float score(Metric metric, double similarity) {
        double score = switch (metric) {
            case COSINE -> (1 + similarity) / 2;
            case DOT -> similarity < 0 ? 1 / (1 - similarity) : similarity + 1;
            case EUCLIDEAN -> 1 / (1 + similarity * similarity);
        };
        return (float) (score * (1 - ROUNDING));
    }
}
