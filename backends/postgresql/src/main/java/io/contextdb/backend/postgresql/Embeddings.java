package io.contextdb.backend.postgresql;

import io.contextdb.backend.postgresql.Script.Many;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of points in one array of floats, which goes to the server in binary form; as texts they took longer to write and
 * to read than all else of a point.
 *
 * @param firsts for each point where its vector begins, from 1; null if it has none
 * @param lasts where it ends
 * @param floats all vectors, one after the other
 */
record Embeddings(Many firsts, Many lasts, Many floats) {
    /** The vector of a row with "first" and "last", taken from "floats" of f. */
    static final String SLICE = "(f.floats)[r.first:r.last]::vec.vector";

    static Embeddings of(List<VectorPoint> points) {
        int size = points.stream()
                .mapToInt(point -> point.vector().map(Vector::dimensions).orElse(0))
                .sum();
        float[] floats = new float[size];
        List<@Nullable Integer> firsts = new ArrayList<>();
        List<@Nullable Integer> lasts = new ArrayList<>();
        int at = 0;
        for (VectorPoint point : points) {
            if (point.vector().isEmpty()) {
                firsts.add(null);
                lasts.add(null);
                continue;
            }
            float[] vector = point.vector().get().toArray();
            System.arraycopy(vector, 0, floats, at, vector.length);
            firsts.add(at + 1);
            at += vector.length;
            lasts.add(at);
        }
        return new Embeddings(Many.nullableInts(firsts), Many.nullableInts(lasts), new Many("float4", floats));
    }
}
