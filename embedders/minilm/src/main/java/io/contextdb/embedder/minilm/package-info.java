/** Sentence embeddings inside the process, offline: {@link io.contextdb.embedder.minilm.MiniLmEmbedder}. */
@NullMarked
package io.contextdb.embedder.minilm;

import org.jspecify.annotations.NullMarked;
