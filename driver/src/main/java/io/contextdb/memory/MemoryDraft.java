package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.value.Interval;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something to remember. Immutable; each method returns a changed copy. */
public final class MemoryDraft {
    private final String text;
    private UUID id = UuidV7.next();
    private String source = "";
    private SortedSet<String> labels = NodeContent.builder().build().labels();
    private PropertyMap properties = PropertyMap.empty();
    private @Nullable MemoryType type;
    private @Nullable Vector vector;
    private double confidence = Double.NaN;
    private @Nullable Interval validity;
    private List<Relation> relations = List.of();
    private double noveltyThreshold = Double.NaN;
    private boolean admitted;

    private MemoryDraft(String text) {
        this.text = text;
    }

    private MemoryDraft(MemoryDraft other) {
        text = other.text;
        id = other.id;
        source = other.source;
        labels = other.labels;
        properties = other.properties;
        type = other.type;
        vector = other.vector;
        confidence = other.confidence;
        validity = other.validity;
        relations = other.relations;
        noveltyThreshold = other.noveltyThreshold;
        admitted = other.admitted;
    }

    /** Returns the draft of a text that is not blank, of at most 1 MiB in UTF-8; its id is new. */
    public static MemoryDraft of(String text) {
        if (Arguments.text("memory.text", text, 1, VectorPoint.MAX_TEXT_BYTES).isBlank()) {
            throw new InvalidRequestException("memory.text", "must not be blank");
        }
        return new MemoryDraft(text);
    }

    /** Sets the id, by which a repeated write is recognised. */
    public MemoryDraft id(UUID value) {
        MemoryDraft next = new MemoryDraft(this);
        next.id = Arguments.required("memory.id", value);
        return next;
    }

    /** Sets the external id of the source that states it, 0 to 512 bytes in UTF-8; "" for none. */
    public MemoryDraft source(String externalId) {
        MemoryDraft next = new MemoryDraft(this);
        next.source = Arguments.source("memory.source", externalId);
        return next;
    }

    /** Replaces the labels, at most 256 of 1 to 256 bytes. */
    public MemoryDraft labels(Collection<String> all) {
        MemoryDraft next = new MemoryDraft(this);
        next.labels = Arguments.labels("memory.labels", all);
        return next;
    }

    /** Replaces the labels, at most 256 of 1 to 256 bytes. */
    public MemoryDraft labels(String... all) {
        return labels(Arguments.all("memory.labels", all));
    }

    /** Puts a property; {@code text} and {@code memory} are taken. */
    public MemoryDraft property(String name, @Nullable Object value) {
        return properties(properties.with(name, value));
    }

    /** Replaces the properties; {@code text} and {@code memory} are taken. */
    public MemoryDraft properties(PropertyMap all) {
        if (Arguments.required("memory.properties", all).contains(MemoryNode.TEXT) || all.contains(MemoryNode.MEMORY)) {
            throw new InvalidRequestException("memory.properties", "must not have 'text' or 'memory', which are taken");
        }
        MemoryDraft next = new MemoryDraft(this);
        next.properties = all;
        return next;
    }

    /** Sets the type, which decides how fast it fades; by default the namespace's mode does. */
    public MemoryDraft type(MemoryType value) {
        MemoryDraft next = new MemoryDraft(this);
        next.type = Arguments.required("memory.type", value);
        return next;
    }

    /** Sets the vector; by default the embedder makes it, if there is one. */
    public MemoryDraft vector(Vector value) {
        MemoryDraft next = new MemoryDraft(this);
        next.vector = Arguments.required("memory.vector", value);
        return next;
    }

    /** Sets the confidence, in [0, 1]; by default the credibility of the source. */
    public MemoryDraft confidence(double value) {
        MemoryDraft next = new MemoryDraft(this);
        next.confidence = Arguments.number("memory.confidence", value, 0, 1);
        return next;
    }

    /** Sets when it is true; by default from its commit on. */
    public MemoryDraft valid(Interval value) {
        MemoryDraft next = new MemoryDraft(this);
        next.validity = Arguments.required("memory.validity", value);
        return next;
    }

    /**
     * Adds a relation to a node that exists or is written by the same call. One to a memory of the same call that is rejected
     * is left out; one to a duplicate leads to the memory that was there before. One that was stated before stays as it is.
     */
    public MemoryDraft relation(String relationType, UUID to, double weight) {
        MemoryDraft next = new MemoryDraft(this);
        next.relations = new ArrayList<>(relations);
        next.relations.add(new Relation(relationType, to, weight));
        return next;
    }

    /** Adds a relation {@value Relation#DERIVED_FROM} to the evidence. */
    public MemoryDraft derivedFrom(UUID evidence) {
        return relation(Relation.DERIVED_FROM, evidence, 1);
    }

    /** Sets the novelty threshold, in [0, 1], in place of the namespace's. */
    public MemoryDraft noveltyThreshold(double value) {
        MemoryDraft next = new MemoryDraft(this);
        next.noveltyThreshold = Arguments.number("memory.noveltyThreshold", value, 0, 1);
        return next;
    }

    /** Writes it as it is: no search for duplicates and conflicts, no threshold; the source's credibility still counts. */
    public MemoryDraft asIs() {
        MemoryDraft next = new MemoryDraft(this);
        next.admitted = true;
        return next;
    }

    /** Returns the text. */
    public String text() {
        return text;
    }

    /** Returns the id that the memory gets if it is added. */
    public UUID id() {
        return id;
    }

    /** Returns the external id of the source, or "". */
    public String source() {
        return source;
    }

    /** Returns the labels. */
    public SortedSet<String> labels() {
        return labels;
    }

    /** Returns the properties. */
    public PropertyMap properties() {
        return properties;
    }

    /** Returns the type. */
    public Optional<MemoryType> type() {
        return Optional.ofNullable(type);
    }

    /** Returns the vector. */
    public Optional<Vector> vector() {
        return Optional.ofNullable(vector);
    }

    /** Returns the confidence. */
    public OptionalDouble confidence() {
        return Double.isNaN(confidence) ? OptionalDouble.empty() : OptionalDouble.of(confidence);
    }

    /** Returns when it is true. */
    public Optional<Interval> validity() {
        return Optional.ofNullable(validity);
    }

    /** Returns the relations. */
    public List<Relation> relations() {
        return List.copyOf(relations);
    }

    /** Returns the novelty threshold. */
    public OptionalDouble noveltyThreshold() {
        return Double.isNaN(noveltyThreshold) ? OptionalDouble.empty() : OptionalDouble.of(noveltyThreshold);
    }

    /** Returns whether it is written as it is. */
    public boolean isAsIs() {
        return admitted;
    }
}
