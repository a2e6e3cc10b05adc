package io.contextdb.spi.journal;

import io.contextdb.spi.internal.Check;
import io.contextdb.spi.vector.VectorPoint;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A point, or its absence, as of a version: what a store that follows is given. Immutable. */
public final class PointState {
    private final UUID id;
    private final long version;
    private final @Nullable VectorPoint point;

    private PointState(UUID id, long version, @Nullable VectorPoint point) {
        this.id = Check.notNull("state.id", id);
        this.version = Check.range("state.version", version, 0, Projection.MAX_VERSION);
        this.point = point;
    }

    /** Returns the state of a point that is there, with its vector. */
    public static PointState of(VectorPoint point, long version) {
        return new PointState(point.id(), version, point);
    }

    /** Returns the state of a point that is not there. */
    public static PointState deleted(UUID id, long version) {
        return new PointState(id, version, null);
    }

    /** Returns the id. */
    public UUID id() {
        return id;
    }

    /** Returns the version, 0 to {@link Projection#MAX_VERSION}. */
    public long version() {
        return version;
    }

    /** Returns the point; empty if it is not there. */
    public Optional<VectorPoint> point() {
        return Optional.ofNullable(point);
    }

    @Override
    public String toString() {
        return (point == null ? "deleted " : "") + id + "@" + version;
    }
}
