package io.contextdb.embedder.openai;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.error.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an embedder is opened with, checked.
 *
 * @param endpoint where requests go
 * @param model the model, as the vectors name it
 * @param askForDimensions whether requests name the length of the vectors
 */
record Settings(
        URI endpoint,
        EmbeddingModel model,
        boolean askForDimensions,
        ApiKey apiKey,
        int batchSize,
        Duration timeout,
        int maxRetries,
        int concurrency) {
    private static final Map<String, Integer> OWN_DIMENSIONS =
            Map.of("text-embedding-3-small", 1536, "text-embedding-3-large", 3072, "text-embedding-ada-002", 1536);
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    static Settings of(BackendConfig config, Map<String, String> environment) {
        EmbeddingModel model = model(config);
        Integer own = OWN_DIMENSIONS.get(model.id());
        return new Settings(
                endpoint(config.get(OpenAiEmbedderProvider.URL), config.get(OpenAiEmbedderProvider.ALLOW_HTTP)),
                model,
                config.get(OpenAiEmbedderProvider.SEND_DIMENSIONS) || (own != null && own != model.dimensions()),
                new ApiKey(
                        config.has(OpenAiEmbedderProvider.API_KEY)
                                ? config.get(OpenAiEmbedderProvider.API_KEY)
                                : environment.getOrDefault("OPENAI_API_KEY", "")),
                Math.toIntExact(config.get(OpenAiEmbedderProvider.BATCH_SIZE)),
                config.get(OpenAiEmbedderProvider.TIMEOUT),
                Math.toIntExact(config.get(OpenAiEmbedderProvider.MAX_RETRIES)),
                Math.toIntExact(config.get(OpenAiEmbedderProvider.CONCURRENCY)));
    }

    private static EmbeddingModel model(BackendConfig config) {
        String id = config.get(OpenAiEmbedderProvider.MODEL);
        int dimensions = Math.toIntExact(config.get(OpenAiEmbedderProvider.DIMENSIONS));
        int length = dimensions > 0 ? dimensions : OWN_DIMENSIONS.getOrDefault(id, 0);
        if (length == 0) {
            throw new InvalidRequestException(
                    "dimensions", "must be set, for the length of this model's vectors is not known in advance");
        }
        return new EmbeddingModel(id, length, Math.toIntExact(config.get(OpenAiEmbedderProvider.MAX_TEXT_BYTES)));
    }

    /** Returns where requests go; errors do not show the URL, which may hold what is secret. */
    private static URI endpoint(String url, boolean allowHttp) {
        URI base;
        try {
            base = new URI(url.strip().replaceAll("/+$", "") + "/embeddings");
        } catch (URISyntaxException malformed) {
            throw new InvalidRequestException("url", "is malformed at index " + malformed.getIndex());
        }
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("https") || scheme.equals("http")) || base.getHost() == null) {
            throw new InvalidRequestException("url", "must be https://host/path or http://host/path");
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new InvalidRequestException(
                    "url", "must have no user, query or fragment; the key has its own option");
        }
        if (scheme.equals("http")
                && !allowHttp
                && !LOOPBACK.matcher(base.getHost()).matches()) {
            throw new InvalidRequestException(
                    "url", "must be https, for the host is another machine; allowHttp=true allows http");
        }
        return base;
    }
}
