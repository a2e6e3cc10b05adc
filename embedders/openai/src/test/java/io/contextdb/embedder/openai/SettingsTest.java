package io.contextdb.embedder.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.embedding.Embedder;
import io.contextdb.spi.embedding.EmbedderProvider;
import io.contextdb.spi.embedding.EmbeddingModel;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @Test
    void theProviderIsFound() {
        assertThat(ServiceLoader.load(EmbedderProvider.class))
                .extracting(EmbedderProvider::name)
                .contains("openai");
    }

    @Test
    void withoutOptionsItIsOpenAisSmallModel() {
        Settings settings = settings(Map.of());

        assertThat(settings.endpoint()).hasToString("https://api.openai.com/v1/embeddings");
        assertThat(settings.model()).isEqualTo(new EmbeddingModel("text-embedding-3-small", 1536, 16_384));
        assertThat(settings.askForDimensions()).isFalse();
    }

    @Test
    void shorterVectorsAreAskedForOnlyWhereTheModelHasThem() {
        assertThat(settings(Map.of("dimensions", "256")).askForDimensions()).isTrue();
        assertThat(settings(Map.of("dimensions", "768", "model", "nomic-embed-text"))
                        .askForDimensions())
                .isFalse();
        assertThat(settings(Map.of("dimensions", "256", "model", "other", "sendDimensions", "true"))
                        .askForDimensions())
                .isTrue();
        assertThatThrownBy(() -> settings(Map.of("model", "other")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("dimensions: must be set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.example.com",
                "ftp://api.example.com",
                "https://",
                "https://user:hunter2@api.example.com",
                "https://api.example.com/v1?key=hunter2",
                "https://api.example.com/v1#hunter2",
                "https://api example.com/hunter2",
                "http://api.example.com/v1",
                "http://127.example.com/v1",
                "http://localhost.example.com/v1"
            })
    void badUrlsAreRefusedAndNotShown(String url) {
        assertThatThrownBy(() -> settings(Map.of("url", url)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("url: ")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:11434/v1",
                "http://127.0.0.1:8080/v1/",
                "http://[::1]/v1",
                "https://api.example.com/openai/v1"
            })
    void goodUrlsAreTaken(String url) {
        assertThat(settings(Map.of("url", url)).endpoint().toString()).endsWith("v1/embeddings");
    }

    @Test
    void httpCanBeAllowed() {
        assertThat(settings(Map.of("url", "http://embedder:8080/v1", "allowHttp", "true"))
                        .endpoint())
                .hasHost("embedder");
    }

    static Embedder open(Map<String, String> environment, Map<String, String> options) {
        return new OpenAiEmbedderProvider(environment).open(config(options));
    }

    private static Settings settings(Map<String, String> options) {
        return Settings.of(config(options), Map.of());
    }

    private static BackendConfig config(Map<String, String> options) {
        return new BackendConfig("openai", "", options, List.of());
    }
}
