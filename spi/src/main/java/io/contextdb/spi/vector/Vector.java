package io.contextdb.spi.vector;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An immutable vector of finite 32-bit floats, of 1 to {@value #MAX_DIMENSIONS} dimensions (contract V1). */
public final class Vector {
    /** Most dimensions that the type takes; backends declare how many they take. */
    public static final int MAX_DIMENSIONS = 65_536;

    private final float[] values;

    private Vector(float[] values) {
        this.values = values;
    }

    /** Returns a vector of a copy of the values; NaN and infinities are refused. */
    public static Vector of(float... values) {
        float[] copy = Check.notNull("vector", values).clone();
        Check.range("vector.dimensions", copy.length, 1, MAX_DIMENSIONS);
        for (int i = 0; i < copy.length; i++) {
            if (!Float.isFinite(copy[i])) {
                throw new InvalidRequestException("vector", "must be finite, is " + copy[i] + " at index " + i);
            }
        }
        return new Vector(copy);
    }

    /** Returns the number of dimensions. */
    public int dimensions() {
        return values.length;
    }

    /** Returns one component. */
    public float get(int index) {
        return values[index];
    }

    /** Returns a copy of the components. */
    public float[] toArray() {
        return values.clone();
    }

    /** Returns whether every component is zero, which cosine has no answer for. */
    public boolean isZero() {
        for (float value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Vector that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Vector[" + values.length + " dimensions]";
    }
}
