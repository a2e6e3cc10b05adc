package io.contextdb.spi.vector;

/** How alike two vectors of a space are; higher is nearer on every backend (contract V2). */
public enum Metric {
    /** Cosine of the angle, in [−1, 1]. */
    COSINE {
        @Override
        public double similarity(Vector a, Vector b) {
            double dot = 0;
            double aa = 0;
            double bb = 0;
            for (int i = 0; i < a.dimensions(); i++) {
                dot += (double) a.get(i) * b.get(i);
                aa += (double) a.get(i) * a.get(i);
                bb += (double) b.get(i) * b.get(i);
            }
            return Math.max(-1, Math.min(1, dot / (Math.sqrt(aa) * Math.sqrt(bb))));
        }
    },
    /** Inner product, unbounded. */
    DOT {
        @Override
        public double similarity(Vector a, Vector b) {
            double dot = 0;
            for (int i = 0; i < a.dimensions(); i++) {
                dot += (double) a.get(i) * b.get(i);
            }
            return dot;
        }
    },
    /** Negative Euclidean distance, at most 0. */
    EUCLIDEAN {
        @Override
        public double similarity(Vector a, Vector b) {
            double sum = 0;
            for (int i = 0; i < a.dimensions(); i++) {
                double difference = (double) a.get(i) - b.get(i);
                sum += difference * difference;
            }
            return -Math.sqrt(sum);
        }
    };

    /** Returns the similarity of two vectors of the same length, computed in 64-bit floats: the reference value. */
    public abstract double similarity(Vector a, Vector b);
}
