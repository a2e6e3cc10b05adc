package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CacheTest {
    @Test
    void whatWasLoadedSinceTheFirstLookIsNotLoadedAgain() {
        ScriptedBackend backend = new ScriptedBackend();
        AtomicInteger loads = new AtomicInteger();
        try (ContextDataSource source = backend.source().build()) {
            Cache cache = source.getConnection().namespace("n").cache("c", Duration.ofMinutes(1));
            // Before the second look another thread has loaded the key, and is no longer to be waited for.
            backend.onCall = () -> {
                if (backend.calls.get() == 2) {
                    backend.entries.add(new KeyEntry("cache/c/k", Bytes.of(new byte[] {1, 'v'}), 1, null));
                }
            };

            Bytes value = cache.get("k", key -> {
                loads.incrementAndGet();
                return Bytes.utf8("again");
            });

            assertThat(value).isEqualTo(Bytes.utf8("v"));
            assertThat(loads).hasValue(0);
        } finally {
            ContextDriverManager.deregister(backend);
        }
    }
}
