/** Embeddings by an HTTP service that speaks the OpenAI API. */
module io.contextdb.embedder.openai {
    requires io.contextdb.json;
    requires transitive io.contextdb.spi;
    requires java.net.http;
    requires static org.jspecify;

    exports io.contextdb.embedder.openai;

    provides io.contextdb.spi.embedding.EmbedderProvider with
            io.contextdb.embedder.openai.OpenAiEmbedderProvider;
}
