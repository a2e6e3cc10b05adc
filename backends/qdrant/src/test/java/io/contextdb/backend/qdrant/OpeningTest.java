package io.contextdb.backend.qdrant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextUrl;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.PageRequest;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.QdrantGrpcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is opened, what is refused at opening, and what closing leaves (contract G11, G13a, G14). */
class OpeningTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static void use(Backend backend) {
        assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.UP);
        assertThat(backend.namespaces().list(PageRequest.first(), soon()).items())
                .isEmpty();
    }

    private static Backend lent(String url, Object resource) {
        ContextUrl parsed = ContextUrl.parse(url);
        return new QdrantProvider()
                .open(new BackendConfig(parsed.scheme(), parsed.location(), parsed.options(), List.of(resource)));
    }

    @Test
    void theKeyIsSentAndAWrongOneIsRefused() {
        try (OwnServer server = new OwnServer("--api-key", "changeit")) {
            try (Backend backend = TestServer.open(server.url("apiKey=changeit"))) {
                use(backend);
            }
            assertThatThrownBy(() -> TestServer.open(server.url("apiKey=other")))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageNotContaining("other");
            assertThatThrownBy(server::open).isInstanceOf(AccessDeniedException.class);
        }
    }

    @Test
    void whatIsLentIsNotClosed() {
        try (OwnServer server = new OwnServer("--api-key", "changeit");
                Raw raw = new Raw(server);
                QdrantClient client = new QdrantClient(QdrantGrpcClient.newBuilder("127.0.0.1", server.port(), false)
                        .withApiKey("changeit")
                        .build())) {
            for (int i = 0; i < 2; i++) {
                try (Backend backend = lent(server.url("apiKey=changeit"), raw.channel())) {
                    use(backend);
                }
                // The client brings its own key.
                try (Backend backend = lent(server.url(""), client)) {
                    use(backend);
                }
            }
            assertThat(raw.channel().isShutdown()).isFalse();
        }
    }

    @Test
    void aClosedStoreRefusesEverything() {
        Backend backend = TestServer.open(TestServer.get().url(TestServer.prefix("closed")));
        backend.close();
        backend.close();

        assertThatThrownBy(() -> backend.namespaces().list(PageRequest.first(), soon()))
                .isInstanceOf(ContextClosedException.class);
        assertThatThrownBy(() -> backend.projection().orElseThrow().watermark(soon()))
                .isInstanceOf(ContextClosedException.class);
    }

    @Test
    void serversThatAreNotThereOrTooOldAreRefused() {
        assertThatThrownBy(() -> TestServer.open("contextdb:qdrant://127.0.0.1:" + OwnServer.freePort()))
                .isInstanceOfSatisfying(
                        ContextUnavailableException.class,
                        down -> assertThat(down.outcome()).isEqualTo(Outcome.NOT_APPLIED));
        try (OwnServer old = new OwnServer("--version", "1.16.3")) {
            assertThatThrownBy(old::open)
                    .isInstanceOf(UnsupportedCapabilityException.class)
                    .hasMessageContaining("1.17");
        }
    }

    @Test
    void certificateAndHostAreVerified() throws IOException, GeneralSecurityException, InterruptedException {
        Path[] good = certificate("good", "ip:127.0.0.1,dns:localhost");
        Path[] elsewhere = certificate("elsewhere", "dns:qdrant.example.org");
        try (OwnServer server = secured(good);
                OwnServer other = secured(elsewhere)) {
            try (Backend backend = TestServer.open(server.url("tls=verify-full&tlsTrust=" + good[0]))) {
                use(backend);
                assertThat(backend.info().details()).containsEntry("tls", "verified");
            }
            // Not trusted, trusted but for another host, and no TLS at all on a port that wants it.
            for (String url : List.of(
                    server.url("tls=verify-full&connectTimeout=2s"),
                    other.url("tls=verify-full&connectTimeout=2s&tlsTrust=" + elsewhere[0]),
                    server.url("tls=off&connectTimeout=2s"))) {
                assertThatThrownBy(() -> TestServer.open(url)).as(url).isInstanceOf(ContextUnavailableException.class);
            }
            assertThatThrownBy(
                            () -> TestServer.open(server.url("tls=verify-full&tlsTrust=" + directory.resolve("none"))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("tlsTrust");
        }
    }

    private static OwnServer secured(Path[] certificate) {
        return new OwnServer(
                "--tls-certificate", certificate[0].toString(), "--tls-private", certificate[1].toString());
    }

    /** Returns a certificate that signs itself, for a host, and its key, as PEM files. */
    private Path[] certificate(String name, String alternatives)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + alternatives,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        return new Path[] {
            pem(name + ".crt", "CERTIFICATE", keys.getCertificate("a").getEncoded()),
            pem(
                    name + ".key",
                    "PRIVATE KEY",
                    keys.getKey("a", PASSWORD.toCharArray()).getEncoded())
        };
    }

    private Path pem(String file, String kind, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                directory.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }
}
