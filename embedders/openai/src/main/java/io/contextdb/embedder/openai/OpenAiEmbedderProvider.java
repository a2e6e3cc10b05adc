package io.contextdb.embedder.openai;

import static io.contextdb.spi.OptionDescriptor.duration;
import static io.contextdb.spi.OptionDescriptor.flag;
import static io.contextdb.spi.OptionDescriptor.integer;
import static io.contextdb.spi.OptionDescriptor.secret;
import static io.contextdb.spi.OptionDescriptor.text;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbedderProvider;
import io.contextdb.spi.vector.Vector;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Opens embedders under the name {@code "openai"}: clients of any service with OpenAI's {@code /embeddings} call. Opening
 * does no I/O. The texts leave the machine; the API key goes to the configured URL only, and into no message.
 */
public final class OpenAiEmbedderProvider implements EmbedderProvider {
    static final OptionDescriptor<String> URL =
            text("url", "https://api.openai.com/v1", "Address of the API; /embeddings is added");
    static final OptionDescriptor<String> MODEL =
            text("model", "text-embedding-3-small", "Name of the model; it is also the id of the vectors' model");
    static final OptionDescriptor<Long> DIMENSIONS = integer(
            "dimensions",
            0,
            0,
            Vector.MAX_DIMENSIONS,
            "Length of the vectors; 0 for the model's own, which is known of OpenAI's models. OpenAI's third generation is"
                    + " asked for shorter ones");
    static final OptionDescriptor<Boolean> SEND_DIMENSIONS = flag(
            "sendDimensions",
            false,
            "Also asks other models for vectors of that length; many services refuse to be asked");
    static final OptionDescriptor<String> API_KEY = secret(
            "apiKey", "Bearer token; by default, environment variable OPENAI_API_KEY, and none if that is unset");
    static final OptionDescriptor<Long> BATCH_SIZE =
            integer("batchSize", 64, 1, 2048, "Most texts of a request; a request also has at most 256 KiB of text");
    static final OptionDescriptor<Long> MAX_TEXT_BYTES = integer(
            "maxTextBytes",
            16_384,
            256,
            1 << 20,
            "Longest text, in bytes of UTF-8; what is longer is cut before it is sent");
    static final OptionDescriptor<Duration> TIMEOUT = duration(
            "timeout",
            Duration.ofSeconds(30),
            Duration.ofMillis(10),
            Duration.ofMinutes(10),
            "Longest wait for one answer");
    static final OptionDescriptor<Long> MAX_RETRIES = integer(
            "maxRetries",
            3,
            0,
            10,
            "Repeats of a request that met an overloaded, unreachable or late service, within the call's deadline");
    static final OptionDescriptor<Long> CONCURRENCY =
            integer("concurrency", 4, 1, 64, "Most requests at a time; others wait for their turn");
    static final OptionDescriptor<Boolean> ALLOW_HTTP =
            flag("allowHttp", false, "Allows http to other machines, where everyone on the way can read texts and key");

    private final Map<String, String> environment;

    /** Creates the provider; {@link java.util.ServiceLoader} does. */
    public OpenAiEmbedderProvider() {
        this(System.getenv());
    }

    OpenAiEmbedderProvider(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public String name() {
        return "openai";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return List.of(
                URL,
                MODEL,
                DIMENSIONS,
                SEND_DIMENSIONS,
                API_KEY,
                BATCH_SIZE,
                MAX_TEXT_BYTES,
                TIMEOUT,
                MAX_RETRIES,
                CONCURRENCY,
                ALLOW_HTTP);
    }

    @Override
    public Embedder open(BackendConfig config) {
        return new OpenAiEmbedder(Settings.of(config, environment));
    }
}
