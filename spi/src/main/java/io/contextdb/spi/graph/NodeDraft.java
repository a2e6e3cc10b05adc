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
 * The next version of a node, as a caller writes it. Transaction time and version are the store's (contract N1). Immutable.
 */
public final class NodeDraft {
    private final UUID id;
    private final NodeContent content;
    private final @Nullable Instant validFrom;
    private final Instant validTo;

    private NodeDraft(UUID id, NodeContent content, @Nullable Instant validFrom, Instant validTo) {
        this.id = Check.notNull("node.id", id);
        this.content = Check.notNull("node.content", content);
        this.validFrom = validFrom == null ? null : Check.instant("node.validFrom", validFrom);
        this.validTo = Interval.OPEN.equals(validTo) ? validTo : Check.instant("node.validTo", validTo);
        if (this.validFrom != null && this.validTo.isBefore(this.validFrom)) {
            throw new InvalidRequestException("node.validTo", "must not be before validFrom (" + validFrom + ")");
        }
    }

    /** Returns the draft of a node with a new id, valid from its commit on. */
    public static NodeDraft of(NodeContent content) {
        return of(UuidV7.next(), content);
    }

    /** Returns the draft of the node with that id, valid from its commit on. */
    public static NodeDraft of(UUID id, NodeContent content) {
        return new NodeDraft(id, content, null, Interval.OPEN);
    }

    /** Returns the same draft, valid from an instant on. */
    public NodeDraft validFrom(Instant from) {
        return new NodeDraft(id, content, Check.notNull("node.validFrom", from), validTo);
    }

    /** Returns the same draft, valid until an instant, itself excluded. */
    public NodeDraft validTo(Instant to) {
        return new NodeDraft(id, content, validFrom, Check.notNull("node.validTo", to));
    }

    /** Returns the same draft with a given validity. */
    public NodeDraft valid(Interval validity) {
        Check.notNull("node.validity", validity);
        return new NodeDraft(id, content, validity.from(), validity.to());
    }

    /** Returns the node. */
    public UUID id() {
        return id;
    }

    /** Returns what the version states. */
    public NodeContent content() {
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

    /**
     * Returns the validity of the version when it is committed at an instant. Where only the end was given and lies before
     * the commit, the version is valid at no instant.
     */
    public Interval validityAt(Instant commit) {
        Instant from = validFrom == null ? commit : validFrom;
        return new Interval(from, validTo.isBefore(from) ? from : validTo);
    }
}
