package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteBatch;
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

/** Connections by TLS: the certificate and the name of the host are verified. */
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    /** A certificate that signs itself, for a host, with its key, as PEM files. */
    private record Certificate(Path certificate, Path key) {}

    private Certificate certificate(String name, String alternatives)
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
        return new Certificate(
                pem(name + ".crt", "CERTIFICATE", keys.getCertificate("a").getEncoded()),
                pem(
                        name + ".key",
                        "PRIVATE KEY",
                        keys.getKey("a", PASSWORD.toCharArray()).getEncoded()));
    }

    private Path pem(String file, String kind, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                directory.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private static OwnServer server(Certificate certificate) {
        return OwnServer.secured(
                "--tls-cert-file", certificate.certificate().toString(),
                "--tls-key-file", certificate.key().toString(),
                "--tls-ca-cert-file", certificate.certificate().toString(),
                "--tls-auth-clients", "optional");
    }

    private static void use(String url) {
        try (Backend backend = TestServer.open(url)) {
            backend.apply(
                    WriteBatch.of(NamespaceName.of("n"), List.of(new KeyMutation.Increment("k", 1))),
                    Deadline.after(Duration.ofSeconds(20)));
        }
    }

    @Test
    void certificateAndHostAreVerified() throws IOException, GeneralSecurityException, InterruptedException {
        Certificate good = certificate("good", "ip:127.0.0.1,dns:localhost");
        Certificate elsewhere = certificate("elsewhere", "dns:redis.example.org");
        try (OwnServer server = server(good);
                OwnServer other = server(elsewhere)) {
            use(server.url("tls=verify-full&tlsTrust=" + good.certificate()));
            use(server.url("tls=verify-full&tlsTrust=" + good.certificate() + "&tlsCertificate=" + good.certificate()
                    + "&tlsPrivateFile=" + good.key()));
            // Not trusted, trusted but for another host, and no TLS at all on a port that wants it.
            refused(server.url("tls=verify-full"));
            refused(server.url("tls=verify-ca"));
            refused(other.url("tls=verify-full&tlsTrust=" + elsewhere.certificate()));
            use(other.url("tls=verify-ca&tlsTrust=" + elsewhere.certificate()));
            refused(server.url("tls=off&connectTimeout=1s"));
        }
    }

    private static void refused(String url) {
        assertThatThrownBy(() -> TestServer.open(url)).isInstanceOf(ContextUnavailableException.class);
    }
}
