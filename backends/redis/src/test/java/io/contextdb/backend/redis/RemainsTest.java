package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.spi.Remains.Kind;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.KeyMutation.PutKey;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Keys about what was erased are looked for, which no reader lists by their subject. */
class RemainsTest {
    private static final UUID ABOUT = UuidV7.next();
    private static final UUID OTHER = UuidV7.next();

    private static PutKey key(String key, UUID about) {
        return PutKey.of(key, Bytes.utf8("secret")).about(about.toString());
    }

    private static long left(Namespace namespace, UUID... ids) {
        return namespace
                .verifyErasure(List.of(ids))
                .stores()
                .get("redis")
                .remains()
                .counts()
                .getOrDefault(Kind.KEYS, -1L);
    }

    @Test
    void keysAreCountedByTheSubjectThatTheyHaveNow() {
        try (ContextConnection connection =
                ContextDriverManager.getConnection(TestServer.get().url(TestServer.prefix("remains")))) {
            Namespace namespace = connection.namespace("n");
            namespace
                    .batch()
                    .add(key("one", ABOUT))
                    .add(key("two", ABOUT))
                    .add(key("gone soon", ABOUT).expiringAfter(Duration.ofMillis(1)))
                    .add(key("other", OTHER))
                    .add(PutKey.of("of nobody", Bytes.utf8(ABOUT.toString())))
                    .apply();
            while (namespace.keys().get("gone soon").isPresent()) {
                Thread.onSpinWait();
            }

            assertThat(left(namespace, ABOUT)).isEqualTo(2);
            assertThat(left(namespace, ABOUT, ABOUT, OTHER)).isEqualTo(3);
            namespace.batch().add(key("two", OTHER)).apply();
            assertThat(left(namespace, ABOUT)).isEqualTo(1);
            assertThat(left(namespace, OTHER)).isEqualTo(2);
            namespace.erase(List.of(ABOUT));
            assertThat(left(namespace, ABOUT)).isZero();
            assertThat(left(namespace, OTHER)).isEqualTo(2);
        }
    }
}
