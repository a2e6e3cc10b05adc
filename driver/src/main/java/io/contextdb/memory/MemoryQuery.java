package io.contextdb.memory;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.AsOf;
import io.contextdb.spi.vector.Vector;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What to look for in memory, and how. Immutable; each method returns a changed copy. */
public final class MemoryQuery {
    private static final int MOST = 1_000;

    private final String text;
    private @Nullable Vector vector;
    private int k = 10;
    private Filter filter = Filter.everything();
    private AsOf asOf = AsOf.now();
    private List<UUID> seeds = List.of();
    private @Nullable ScoreWeights weights;
    private double diversity;
    private boolean walking = true;
    private boolean exact;
    private boolean partial;

    private MemoryQuery(String text) {
        this.text = text;
    }

    private MemoryQuery(MemoryQuery other) {
        text = other.text;
        vector = other.vector;
        k = other.k;
        filter = other.filter;
        asOf = other.asOf;
        seeds = other.seeds;
        weights = other.weights;
        diversity = other.diversity;
        walking = other.walking;
        exact = other.exact;
        partial = other.partial;
    }

    /** Returns the query for a text, 0 to 100,000 bytes in UTF-8; its vector is the embedder's, if there is one. */
    public static MemoryQuery of(String text) {
        return new MemoryQuery(Arguments.searched("query.text", text));
    }

    /** Sets the vector. */
    public MemoryQuery vector(Vector value) {
        MemoryQuery next = new MemoryQuery(this);
        next.vector = Arguments.required("query.vector", value);
        return next;
    }

    /** Sets the most memories returned, 1 to 1,000; default 10. */
    public MemoryQuery k(int value) {
        MemoryQuery next = new MemoryQuery(this);
        next.k = Arguments.number("query.k", value, 1, MOST);
        return next;
    }

    /** Asks for memories that match only, on every leg. */
    public MemoryQuery where(Filter only) {
        MemoryQuery next = new MemoryQuery(this);
        next.filter = Arguments.required("query.filter", only);
        return next;
    }

    /** Asks at a point on both axes of time, on every leg. */
    public MemoryQuery asOf(AsOf time) {
        MemoryQuery next = new MemoryQuery(this);
        next.asOf = Arguments.required("query.asOf", time);
        return next;
    }

    /** Walks from these nodes too, at most 10,000: what the session speaks of. */
    public MemoryQuery seeds(Collection<UUID> nodes) {
        MemoryQuery next = new MemoryQuery(this);
        next.seeds = Arguments.ids("query.seeds", nodes);
        return next;
    }

    /** Weighs the parts of the score otherwise than the namespace's mode. */
    public MemoryQuery weights(ScoreWeights value) {
        MemoryQuery next = new MemoryQuery(this);
        next.weights = Arguments.required("query.weights", value);
        return next;
    }

    /**
     * Prefers memories that differ from each other: 0 (the default) looks at scores only, 1 at difference only (maximal
     * marginal relevance, Carbonell and Goldstein, SIGIR 1998).
     */
    public MemoryQuery diversity(double value) {
        MemoryQuery next = new MemoryQuery(this);
        next.diversity = Arguments.number("query.diversity", value, 0, 1);
        return next;
    }

    /** Leaves the graph out. */
    public MemoryQuery withoutWalk() {
        MemoryQuery next = new MemoryQuery(this);
        next.walking = false;
        return next;
    }

    /** Asks for the true nearest vectors. */
    public MemoryQuery exactly() {
        MemoryQuery next = new MemoryQuery(this);
        next.exact = true;
        return next;
    }

    /** Takes an answer of the legs that succeed, where others fail or are late; {@link Recall#legs} says which. */
    public MemoryQuery allowPartial() {
        MemoryQuery next = new MemoryQuery(this);
        next.partial = true;
        return next;
    }

    /** Returns the text. */
    public String text() {
        return text;
    }

    /** Returns the vector. */
    public Optional<Vector> vector() {
        return Optional.ofNullable(vector);
    }

    /** Returns the most memories returned. */
    public int k() {
        return k;
    }

    /** Returns the filter. */
    public Filter filter() {
        return filter;
    }

    /** Returns the point in time. */
    public AsOf asOf() {
        return asOf;
    }

    /** Returns the nodes that are walked from beside the hits. */
    public List<UUID> seeds() {
        return seeds;
    }

    /** Returns the weights. */
    public Optional<ScoreWeights> weights() {
        return Optional.ofNullable(weights);
    }

    /** Returns how far difference counts. */
    public double diversity() {
        return diversity;
    }

    /** Returns whether the graph is walked. */
    public boolean walks() {
        return walking;
    }

    /** Returns whether the true nearest are asked for. */
    public boolean exact() {
        return exact;
    }

    /** Returns whether a partial answer is taken. */
    public boolean partial() {
        return partial;
    }
}
