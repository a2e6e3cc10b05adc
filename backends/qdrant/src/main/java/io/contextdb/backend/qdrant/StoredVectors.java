package io.contextdb.backend.qdrant;

import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.Vector;
import io.qdrant.client.VectorOutputHelper;
import io.qdrant.client.grpc.Points.DenseVector;
import io.qdrant.client.grpc.Points.NamedVectors;
import io.qdrant.client.grpc.Points.VectorOutput;
import io.qdrant.client.grpc.Points.Vectors;
import io.qdrant.client.grpc.Points.VectorsOutput;
import io.qdrant.client.grpc.Points.VectorsSelector;
import io.qdrant.client.grpc.Points.WithVectorsSelector;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Vectors as they are kept. The server brings vectors compared by cosine to length 1, so those are kept once more, unsearched, as
 * they were written.
 */
final class StoredVectors {
    private StoredVectors() {}

    /** Returns a vector that is searched only, or none. */
    static Vectors searched(@Nullable Vector vector) {
        NamedVectors.Builder named = NamedVectors.newBuilder();
        if (vector != null) {
            named.putVectors(KnownCollections.SEARCHED, of(vector));
        }
        return Vectors.newBuilder().setVectors(named).build();
    }

    /** Returns a vector that is searched, and read back as it is, or none. */
    static Vectors kept(Metric metric, @Nullable Vector vector) {
        NamedVectors.Builder named = NamedVectors.newBuilder();
        if (vector != null) {
            io.qdrant.client.grpc.Points.Vector form = of(vector);
            named.putVectors(KnownCollections.SEARCHED, form);
            named.putVectors(written(metric), form);
        }
        return Vectors.newBuilder().setVectors(named).build();
    }

    /** Returns the choice of the vectors as they were written. */
    static WithVectorsSelector select(Metric metric) {
        return WithVectorsSelector.newBuilder()
                .setInclude(VectorsSelector.newBuilder().addNames(written(metric)))
                .build();
    }

    static Optional<Vector> read(Metric metric, VectorsOutput stored) {
        VectorOutput output = stored.getVectors().getVectorsMap().get(written(metric));
        if (output == null) {
            return Optional.empty();
        }
        DenseVector dense = VectorOutputHelper.getDenseVector(output);
        List<Float> data = dense == null ? List.of() : dense.getDataList();
        float[] values = new float[data.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = data.get(i);
        }
        return Optional.of(Vector.of(values));
    }

    static DenseVector dense(Vector vector) {
        DenseVector.Builder dense = DenseVector.newBuilder();
        for (int i = 0; i < vector.dimensions(); i++) {
            dense.addData(vector.get(i));
        }
        return dense.build();
    }

    private static String written(Metric metric) {
        return metric == Metric.COSINE ? KnownCollections.WRITTEN : KnownCollections.SEARCHED;
    }

    private static io.qdrant.client.grpc.Points.Vector of(Vector vector) {
        return io.qdrant.client.grpc.Points.Vector.newBuilder()
                .setDense(dense(vector))
                .build();
    }
}
