package io.contextdb.backend.memory;

import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;

/** A point with its vector as an array, so that a search copies nothing; the array is never written to. */
final class StoredPoint {
    private static final float[] NONE = new float[0];

    private final VectorPoint point;
    private final long version;
    private final float[] vector;
    private final double norm;

    private StoredPoint(VectorPoint point, long version, float[] vector) {
        this.point = point;
        this.version = version;
        this.vector = vector;
        this.norm = Math.sqrt(dot(vector, vector));
    }

    static StoredPoint of(VectorPoint point, long version) {
        return new StoredPoint(
                point, version, point.vector().map(Vector::toArray).orElse(NONE));
    }

    VectorPoint point() {
        return point;
    }

    /** Returns the number of the commit that put it. */
    long version() {
        return version;
    }

    /** Returns whether it has a vector, not only a text. */
    boolean hasVector() {
        return vector.length > 0;
    }

    /** Returns the similarity to a query of the same length, by the definition of the metric. */
    double similarity(Metric metric, float[] query, double queryNorm) {
        return switch (metric) {
            case COSINE -> Math.max(-1, Math.min(1, dot(vector, query) / (norm * queryNorm)));
            case DOT -> dot(vector, query);
            case EUCLIDEAN -> -distance(vector, query);
        };
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
