/** Embeddings by an HTTP service that speaks the OpenAI API: {@link io.contextdb.embedder.openai.OpenAiEmbedderProvider}. */
@NullMarked
package io.contextdb.embedder.openai;

import org.jspecify.annotations.NullMarked;
