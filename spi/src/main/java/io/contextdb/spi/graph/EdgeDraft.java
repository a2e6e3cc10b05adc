package io.contextdb.spi.graph;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.UuidV7;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The next version of an edge, as a caller writes it. End points never change between versions of one edge. Immutable.
 */
public final class EdgeDraft {
    private final UUID id;
    private final EdgeContent content;
    private final @Nullable Instant validFrom;
    private final Instant validTo;

    private EdgeDraft(UUID id, EdgeContent content, @Nullable Instant validFrom, Instant validTo) {
        this.id = Check.notNull("edge.id", id);
        this.content = Check.notNull("edge.content", content);
        this.validFrom = validFrom == null ? null : Check.instant("edge.validFrom", validFrom);
        this.validTo = Interval.OPEN.equals(validTo) ? validTo : Check.instant("edge.validTo", validTo);
        if (this.validFrom != null && this.validTo.isBefore(this.validFrom)) {
            throw new InvalidRequestException("edge.validTo", "must not be before validFrom (" + validFrom + ")");
        }
    }

    /** Returns the draft of an edge with a new id, valid from its commit on. */
    public static EdgeDraft of(EdgeContent content) {
        return of(UuidV7.next(), content);
    }

    /** Returns the draft of the edge with that id, valid from its commit on. */
    public static EdgeDraft of(UUID id, EdgeContent content) {
        return new EdgeDraft(id, content, null, Interval.OPEN);
    }

    /** Returns the same draft with a given validity. */
    public EdgeDraft valid(Interval validity) {
        Check.notNull("edge.validity", validity);
        return new EdgeDraft(id, content, validity.from(), validity.to());
    }

    /** Returns the edge. */
    public UUID id() {
        return id;
    }

    /** Returns what the version states. */
    public EdgeContent content() {
        return content;
    }

    /** Returns the start of validity; empty for the instant of the commit. */
    public Optional<Instant> validFrom() {
        return Optional.ofNullable(validFrom);
    }

    /** Returns the end of validity; {@link Interval#OPEN} if it has none. */
    public Instant validTo() {
        return validTo;
    }

    /** Returns the validity of the version when it is committed at an instant; as {@link NodeDraft#validityAt}. */
    public Interval validityAt(Instant commit) {
        Instant from = validFrom == null ? commit : validFrom;
        return new Interval(from, validTo.isBefore(from) ? from : validTo);
    }
}
