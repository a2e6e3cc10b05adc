package io.contextdb.tck.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Cache;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Read-through caches. */
@Needs(Capability.KEYS)
public abstract class CacheSuite {
    @Test
    @Proves("K5")
    void aStampedeLoadsOnce(Kit kit) {
        Cache cache = kit.namespace().cache("c", Duration.ofMinutes(1));
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(16);

        List<Bytes> values = kit.together(16, i -> {
            started.countDown();
            return cache.get("k", key -> {
                loads.incrementAndGet();
                await(started);
                return Bytes.utf8("v");
            });
        });

        assertThat(values).allMatch(Bytes.utf8("v")::equals);
        assertThat(loads).hasValue(1);
        assertThat(cache.get("k", key -> Bytes.utf8("other"))).isEqualTo(Bytes.utf8("v"));
    }

    @Test
    @Proves("K5")
    void aLoadThatBeganBeforeAnInvalidationIsNotKept(Kit kit) {
        Cache cache = kit.namespace().cache("c", Duration.ofMinutes(1));

        Bytes old = cache.get("k", key -> {
            cache.invalidate("k");
            return Bytes.utf8("old");
        });

        assertThat(old).isEqualTo(Bytes.utf8("old"));
        assertThat(cache.get("k", key -> Bytes.utf8("new"))).isEqualTo(Bytes.utf8("new"));
        cache.invalidate("k");
        assertThat(cache.get("k", key -> Bytes.utf8("newer"))).isEqualTo(Bytes.utf8("newer"));
    }

    @Test
    @Proves("K5")
    void staleValuesAreServedOnlyWhereAsked(Kit kit) {
        Cache cache = kit.namespace().cache("c", Duration.ofMinutes(1));
        cache.get("k", key -> Bytes.utf8("old"));
        cache.invalidate("k");

        assertThatThrownBy(() -> cache.get("k", key -> {
                    throw new ContextUnavailableException("the source is down");
                }))
                .isInstanceOf(ContextUnavailableException.class);
        assertThat(cache.getOrStale("k", key -> {
                    throw new ContextUnavailableException("the source is down");
                }))
                .isEqualTo(Bytes.utf8("old"));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
