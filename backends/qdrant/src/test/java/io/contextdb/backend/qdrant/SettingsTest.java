package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextUrl;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What URLs say. */
class SettingsTest {
    private static Settings of(String rest) {
        ContextUrl url = ContextUrl.parse("contextdb:qdrant:" + rest);
        return Settings.of(new BackendConfig(url.scheme(), url.location(), url.options(), List.of()));
    }

    @Test
    void hostsPortsAndKeysAreRead() {
        Settings settings = of("//vectors.example.org?apiKey=changeit");
        assertThat(settings.host()).isEqualTo("vectors.example.org");
        assertThat(settings.port()).isEqualTo(6334);
        assertThat(settings.apiKey()).isEqualTo("changeit");
        assertThat(settings.toString()).doesNotContain("changeit");
        assertThat(settings.prefix()).isEqualTo("contextdb_");
        assertThat(of("//[::1]:7000").host()).isEqualTo("[::1]");
        assertThat(of("//[::1]:7000").port()).isEqualTo(7000);
    }

    @Test
    void tlsIsVerifiedUnlessTheHostIsLoopbackOrItIsSaidOtherwise() {
        assertThat(of("//127.0.0.1:6334").tls()).isFalse();
        assertThat(of("//localhost").tls()).isFalse();
        assertThat(of("//[::1]").tls()).isFalse();
        assertThat(of("//localhost?tls=verify-full").tls()).isTrue();
        assertThat(of("//vectors.example.org").tls()).isTrue();
        assertThat(of("//127.0.0.1.example.org").tls()).isTrue();
        assertThat(of("//vectors.example.org?tls=off").tls()).isFalse();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        for (String bad : List.of(
                "",
                "//",
                "qdrant",
                "//a:99999",
                "//a:0",
                "//a,b",
                "//a/collection",
                "//a?prefix={x}",
                "//a?prefix=",
                "//a?tls=maybe",
                "//localhost?tlsTrust=x",
                "//a?keepAlive=1ms",
                "//a?maxMessageBytes=1",
                "//a?hnswLinks=1")) {
            assertThatThrownBy(() -> of(bad)).as(bad).isInstanceOf(InvalidRequestException.class);
        }
    }
}
