package io.contextdb.spi.graph;

import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Fields;
import io.contextdb.spi.internal.Check;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import java.util.List;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One stored version of a node. Immutable: no later write changes it, except that the end of its transaction time is set
 * when the next version is appended.
 *
 * @param id the node
 * @param content what this version states
 * @param revision which version it is, and when it holds
 */
public record Node(UUID id, NodeContent content, Revision revision) implements Fields {
    /** Refuses nulls. */
    public Node {
        Check.notNull("node.id", id);
        Check.notNull("node.content", content);
        Check.notNull("node.revision", revision);
    }

    /** Returns the labels, in code point order. */
    public SortedSet<String> labels() {
        return content.labels();
    }

    /** Returns the properties. */
    public PropertyMap properties() {
        return content.properties();
    }

    /** Returns the external id of the source, or "". */
    public String source() {
        return content.source();
    }

    /** Returns the confidence, in [0, 1]. */
    public double confidence() {
        return content.confidence();
    }

    /** Returns the version, from 1. */
    public long version() {
        return revision.version();
    }

    /** Returns when the statement is true in the world. */
    public Interval validity() {
        return revision.validity();
    }

    @Override
    public boolean has(Field field) {
        return switch (field.kind()) {
            case PROPERTY -> properties().contains(field.path());
            case SOURCE -> !source().isEmpty();
            case VALID_TO -> !validity().isOpen();
            case ID, LABELS, VALID_FROM -> true;
            case SUBJECT, TYPE, TIME -> false;
        };
    }

    @Override
    public @Nullable Object value(Field field) {
        return switch (field.kind()) {
            case ID -> id.toString();
            case LABELS -> List.copyOf(labels());
            case PROPERTY -> properties().get(field.path());
            case SOURCE -> source().isEmpty() ? null : source();
            case VALID_FROM -> validity().from();
            case VALID_TO -> validity().isOpen() ? null : validity().to();
            case SUBJECT, TYPE, TIME -> null;
        };
    }
}
