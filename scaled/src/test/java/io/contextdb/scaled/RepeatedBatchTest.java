package io.contextdb.scaled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Batch;
import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteReceipt;
import io.contextdb.tck.fault.Fault;
import io.contextdb.tck.fault.Fault.Direction;
import io.contextdb.tck.fault.FaultProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch of several stores that is repeated after the answer of a home was lost. */
@Tag("slow")
class RepeatedBatchTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void itsOwnKeyDoesNotRefuseIt() {
        URI redis = URI.create(Servers.redis().url());
        try (FaultProxy proxy = FaultProxy.before(new InetSocketAddress(redis.getHost(), redis.getPort()), 1);
                ContextConnection connection = ContextDriverManager.getConnection(Servers.url(
                                "repeated",
                                Servers.postgresql().url(),
                                "redis://127.0.0.1:" + proxy.address().getPort(),
                                Servers.qdrant().url()))
                        .withTimeout(LIMIT)) {
            Namespace namespace = connection.namespace("n");
            namespace.keys().put("warm", Bytes.EMPTY);
            proxy.make(new Fault.OneWay(Direction.TO_STORE));
            Batch lost = withKey(connection.withTimeout(Duration.ofSeconds(1)).namespace("n"));
            assertThatThrownBy(lost::apply).isInstanceOf(ContextTransientException.class);
            proxy.make(new Fault.Reset());
            proxy.heal();

            Batch again = namespace.batch().operationId(lost.build().operationId());
            lost.build().mutations().forEach(again::add);
            WriteReceipt receipt = again.apply();
            assertThat(again.apply()).isEqualTo(receipt);
            assertThat(namespace.keys().get("count").map(KeyEntry::value)).contains(Bytes.utf8("1"));
            assertThatThrownBy(() -> withKey(namespace).apply())
                    .as("another batch is refused")
                    .isInstanceOf(PreconditionFailedException.class);
        }
    }

    private static Batch withKey(Namespace namespace) {
        return namespace
                .batch()
                .put(NodeDraft.of(NodeContent.builder().label("n").build()))
                .increment("count", 1)
                .add(KeyMutation.PutKey.of("slot", Bytes.utf8("taken")).onlyIf(Condition.absent()));
    }
}
