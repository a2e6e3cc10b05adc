package io.contextdb.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.Vectors;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Numbered points of one space, whose vectors follow from their numbers. */
final class Points {
    static final String NAMESPACE = "n";
    static final VectorSpace SPACE = VectorSpace.cosine("s", 16);

    private Points() {}

    static Vectors in(ContextConnection connection) {
        return connection.namespace(NAMESPACE).vectors();
    }

    static UUID id(long number) {
        return new UUID(0, number);
    }

    static Vector vector(long number) {
        Random random = new Random(number * 7919);
        float[] vector = new float[SPACE.dimensions()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return Vector.of(vector);
    }

    static VectorPoint point(long number) {
        return VectorPoint.builder(id(number)).vector(vector(number)).build();
    }

    /** Returns whether a search for a point's own vector finds it first. */
    static boolean isFound(ContextConnection connection, long number) {
        List<Hit> hits = in(connection).search(VectorQuery.nearest(SPACE.name(), vector(number), 3));
        return !hits.isEmpty() && hits.get(0).point().id().equals(id(number));
    }
}
