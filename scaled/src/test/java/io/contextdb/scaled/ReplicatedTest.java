package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextDriverManager;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** {@code ack=replicated} is demanded of the graph's store, and never dropped in silence. */
class ReplicatedTest {
    private static void open(String graph) {
        ContextDriverManager.getConnection(
                        "contextdb:scaled:?ack=replicated&graph=" + URLEncoder.encode(graph, StandardCharsets.UTF_8))
                .close();
    }

    @Test
    void aStoreThatDoesNotOfferItIsRefused() {
        assertThatThrownBy(() -> open("memory:replicated"))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("ack");
    }

    @Test
    void aServerThatHasNoSynchronousStandbyIsRefused() {
        assertThatThrownBy(() -> open(Servers.postgresql().url()
                        + (Servers.postgresql().url().contains("?") ? "&" : "?") + "schema=replicated"))
                .isInstanceOf(ContextUnavailableException.class)
                .hasMessageContaining("ack=replicated")
                .hasMessageContaining("synchronous_standby_names");
    }

    @Test
    void aUrlThatSaysOtherwiseIsRefused() {
        assertThatThrownBy(() -> open("postgresql://127.0.0.1:1/d?ack=server"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("ack=server")
                .hasMessageContaining("ack=replicated");
    }
}
