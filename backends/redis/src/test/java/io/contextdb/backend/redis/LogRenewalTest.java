package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.WriteBatch;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a server has begun a new append-only file, and what is promised where it cannot be had. */
class LogRenewalTest {
    private static final String[] AOF = {"--appendonly", "yes", "--appendfsync", "always"};

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static void put(Backend backend) {
        backend.apply(WriteBatch.of(NamespaceName.of("n"), List.of(new KeyMutation.Increment("counter", 1))), soon());
    }

    @ParameterizedTest
    @CsvSource({
        "7.0.15, 0, 0, -1, -1, ok, false",
        "7.0.15, 1, 1, -1, 2, ok, false",
        "7.0.15, 1, 1, -1, 5, ok, true",
        "7.0.15, 1, 0, 0, -1, ok, true",
        "7.0.15, 1, 0, 0, -1, err, true",
        "7.0.15, 2, 1, 3, 1, ok, true",
        "6.2.14, , 0, -1, -1, ok, false",
        "6.2.14, , 1, -1, 60, ok, false",
        "6.2.14, , 0, 3, -1, err, false",
        "6.2.14, , 0, 3, -1, ok, true",
        "6.2.14, 1, 1, -1, 60, ok, false"
    })
    void aServerTells(
            String version, String begun, int running, int ended, int seconds, String status, boolean expected) {
        String info = "redis_version:" + version + "\r\naof_enabled:1\r\n"
                + (begun == null ? "" : "aof_rewrites:" + begun + "\r\n") + "aof_rewrite_in_progress:" + running
                + "\r\naof_rewrite_scheduled:0\r\naof_last_rewrite_time_sec:" + ended
                + "\r\naof_current_rewrite_time_sec:" + seconds + "\r\naof_last_bgrewrite_status:" + status + "\r\n";

        assertThat(LogRenewal.File.of(info)).isEqualTo(new LogRenewal.File(expected, running == 1));
        assertThat(LogRenewal.File.of(info.replace("aof_enabled:1", "aof_enabled:0"))
                        .isNew())
                .isTrue();
    }

    @Test
    void aLifeHasOneNewFileWhoeverConnects() {
        try (OwnServer server = new OwnServer(AOF);
                Backend first = TestServer.open(server.url(""));
                Backend second = TestServer.open(server.url(""))) {
            put(first);
            put(second);
            assertThat(persistence(server)).contains("aof_rewrites:1\r\n");
            server.kill();
            server.start();
            server.awaitLoaded();
            assertThat(persistence(server)).contains("aof_rewrites:0\r\n");
            repeatedly(() -> put(first));
            repeatedly(() -> put(second));
            assertThat(persistence(server)).contains("aof_rewrites:1\r\n");
        }
    }

    @Test
    void aNewLifeThatIsSetToLessIsTold() {
        try (OwnServer server = new OwnServer("--appendonly", "yes", "--appendfsync", "everysec")) {
            server.raw(redis -> redis.configSet("appendfsync", "always"));
            try (Backend backend = TestServer.open(server.url(""))) {
                put(backend);
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isTrue();
                server.kill();
                server.start();
                server.awaitLoaded();
                repeatedly(() -> put(backend));
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isFalse();
            }
        }
    }

    private static String persistence(OwnServer server) {
        return server.raw(redis -> redis.info("persistence"));
    }

    private static void repeatedly(Runnable call) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                call.run();
                return;
            } catch (io.contextdb.spi.error.ContextTransientException lost) {
                if (System.nanoTime() - end > 0) {
                    throw lost;
                }
            }
        }
    }

    private static String setUser(RedisCommands<String, String> redis, String rules) {
        CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8)
                .add("SETUSER")
                .add("app")
                .add("reset")
                .add("on");
        for (String rule : rules.split(" ")) {
            arguments.add(rule);
        }
        return redis.dispatch(CommandType.ACL, new StatusOutput<>(StringCodec.UTF8), arguments);
    }

    @Test
    void withoutTheRightToANewFileNothingIsPromisedUnlessTornFilesAreRefused() {
        try (OwnServer server = new OwnServer(AOF)) {
            String all = "~contextdb:* resetchannels &contextdb:* +@all >secret";
            server.raw(redis -> setUser(redis, all + " -bgrewriteaof"));
            String url = "contextdb:redis://app:secret@127.0.0.1:" + server.port();
            try (Backend backend = TestServer.open(url)) {
                put(backend);
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isFalse();
                assertThat(backend.info().details().get("promise.wholeBatches"))
                        .startsWith("does not hold")
                        .contains("BGREWRITEAOF");
                assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.DEGRADED);
                assertThat(backend.health(soon()).details()).containsKey("promise.wholeBatches");
                assertThatThrownBy(backend::participant)
                        .isInstanceOf(UnsupportedCapabilityException.class)
                        .hasMessageContaining("BGREWRITEAOF");
            }
            server.raw(redis -> redis.configSet("aof-load-truncated", "no"));
            try (Backend backend = TestServer.open(url)) {
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isTrue();
                assertThat(backend.participant()).isPresent();
                assertThat(backend.health(soon()).status()).isEqualTo(Health.Status.UP);
            }
            server.raw(redis -> setUser(redis, all + " -bgrewriteaof -config"));
            try (Backend backend = TestServer.open(url)) {
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isFalse();
            }
        }
    }
}
