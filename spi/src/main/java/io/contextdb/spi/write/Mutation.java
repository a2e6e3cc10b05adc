package io.contextdb.spi.write;

import io.contextdb.spi.capability.Capability;

/** One change of one entity; a closed family by model, so that backends switch over it exhaustively. */
public sealed interface Mutation permits GraphMutation, VectorMutation, KeyMutation, EventMutation, DocumentMutation {
    /** Returns the capability that a backend must declare to apply it. */
    Capability requires();

    /** Returns roughly how many bytes it takes when written, for the limit on batches. */
    long estimatedBytes();
}
