package io.contextdb.bench;

import java.util.Random;

/**
 * Unit vectors that lie in clusters, as embeddings do: gaussians in a space of few latent dimensions, projected at random,
 * with noise. Deterministic by seed.
 */
public final class ClusteredVectors {
    private static final int CLUSTERS = 1_000;
    private static final int LATENT = 40;
    private static final double NOISE = 0.35;

    private final int dimensions;
    private final Random random;
    private final double[][] projection;
    private final double[][] centres;

    /** Begins anew. */
    public ClusteredVectors(int dimensions, long seed) {
        this.dimensions = dimensions;
        this.random = new Random(seed);
        this.projection = gaussians(LATENT, dimensions);
        this.centres = gaussians(CLUSTERS, LATENT);
    }

    /** Returns the next. */
    public float[] next() {
        double[] centre = centres[random.nextInt(CLUSTERS)];
        double[] vector = new double[dimensions];
        for (int l = 0; l < LATENT; l++) {
            double latent = centre[l] + NOISE * random.nextGaussian();
            for (int d = 0; d < dimensions; d++) {
                vector[d] += latent * projection[l][d];
            }
        }
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        float[] unit = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            unit[d] = (float) (vector[d] / Math.sqrt(squares));
        }
        return unit;
    }

    private double[][] gaussians(int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int c = 0; c < columns; c++) {
                row[c] = random.nextGaussian();
            }
        }
        return matrix;
    }
}
