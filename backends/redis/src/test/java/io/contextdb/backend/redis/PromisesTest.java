package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is promised on servers of different settings, to users of different rights, and when memory is short. */
class PromisesTest {
    private static final NamespaceName NAMESPACE = NamespaceName.of("n");

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static void apply(Backend backend, Mutation... mutations) {
        backend.apply(WriteBatch.of(NAMESPACE, List.of(mutations)), soon());
    }

    private static List<String> keys(Backend backend) {
        return backend
                .keys()
                .scan(
                        new ReadScope(NAMESPACE, soon(), CommitToken.NONE),
                        "",
                        io.contextdb.spi.value.PageRequest.first(1_000))
                .items()
                .stream()
                .map(entry -> entry.key())
                .toList();
    }

    @Test
    void withoutAFileNothingIsCrashSafe() {
        try (OwnServer server = new OwnServer();
                Backend backend = TestServer.open(server.url(""))) {
            assertThat(backend.info().offers(Capability.CRASH_SAFE)).isFalse();
            assertThat(backend.info().idempotency()).isEqualTo(Idempotency.OPERATION_ID);
            assertThat(backend.info().details().get("promise.crashSafe")).startsWith("does not hold");
            assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.DEGRADED);
        }
    }

    @Test
    void onlySyncingEachWriteIsCrashSafe() {
        try (OwnServer server = new OwnServer("--appendonly", "yes", "--appendfsync", "everysec")) {
            try (Backend backend = TestServer.open(server.url(""))) {
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isFalse();
            }
            server.raw(redis -> redis.configSet("appendfsync", "always"));
            try (Backend backend = TestServer.open(server.url(""))) {
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isTrue();
                assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.UP);
                server.raw(redis -> redis.configSet("no-appendfsync-on-rewrite", "yes"));
                assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.DEGRADED);
            }
            try (Backend backend = TestServer.open(server.url(""))) {
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isFalse();
            }
        }
    }

    @Test
    void whereKeysMayBeEvictedOperationIdsCannotBeReliedOn() {
        try (OwnServer server = new OwnServer("--maxmemory", "100mb", "--maxmemory-policy", "volatile-ttl");
                Backend backend = TestServer.open(server.url(""))) {
            assertThat(backend.info().idempotency()).isEqualTo(Idempotency.NATURAL);
            assertThat(backend.info().details().get("promise.keysStay")).contains("volatile-ttl");
            assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.DEGRADED);
        }
    }

    @Test
    void aBatchThatMemoryDoesNotTakeLeavesNothing() {
        try (OwnServer server = new OwnServer();
                Backend backend = TestServer.open(server.url(""))) {
            apply(backend, KeyMutation.PutKey.of("there", Bytes.of(new byte[1 << 20])));
            server.raw(redis -> redis.configSet("maxmemory", "1mb"));

            assertThatThrownBy(() -> apply(
                            backend,
                            new KeyMutation.Increment("counter", 1),
                            new EventMutation.Append(EventDraft.of("t", PropertyMap.empty())),
                            new KeyMutation.DeleteKey("there", Condition.none())))
                    .isInstanceOfSatisfying(
                            ContextThrottledException.class,
                            full -> assertThat(full.outcome()).isEqualTo(Outcome.NOT_APPLIED));
            assertThat(keys(backend)).containsExactly("there");
            server.raw(redis -> redis.configSet("maxmemory", "0"));
            apply(backend, new KeyMutation.Increment("counter", 1));
            assertThat(keys(backend)).containsExactly("counter", "there");
        }
    }

    private static String setUser(RedisCommands<String, String> redis, String name, String rules) {
        CommandArgs<String, String> arguments =
                new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add(name).add("on");
        for (String rule : rules.split(" ")) {
            arguments.add(rule);
        }
        return redis.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
    }

    @Test
    void aUserOfOnePrefixIsEnoughAndALesserOneIsRefusedAtConnect() {
        try (OwnServer server = new OwnServer()) {
            server.raw(redis -> setUser(redis, "one", "~contextdb:* resetchannels +@all -@admin -config >p:w@1"));
            server.raw(redis -> setUser(redis, "less", "~contextdb:* +@all -xadd >secret"));
            server.raw(redis -> setUser(redis, "other", "~other:* +@all >secret"));
            String host = "127.0.0.1:" + server.port();
            try (Backend backend = TestServer.open("contextdb:redis://one:p:w%401@" + host)) {
                apply(backend, new EventMutation.Append(EventDraft.of("t", PropertyMap.empty())));
                apply(backend, new KeyMutation.Increment("counter", 1));
                assertThat(keys(backend)).containsExactly("counter");
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isFalse();
            }
            assertThatThrownBy(() -> TestServer.open("contextdb:redis://" + host + "?user=one&password=wrong-secret"))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageNotContaining("wrong-secret");
            assertThatThrownBy(() -> TestServer.open("contextdb:redis://" + host + "?user=less&password=secret"))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("XADD");
            assertThatThrownBy(() -> TestServer.open("contextdb:redis://" + host + "?user=other&password=secret"))
                    .isInstanceOf(AccessDeniedException.class);
        }
    }
}
