package io.contextdb.tck.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Cache;
import io.contextdb.ContextConnection;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
    void aStampedeOverSeveralConnectionsLoadsOnce(Kit kit) {
        String name = kit.name();
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch started = new CountDownLatch(8);

        List<Bytes> values = kit.together(8, i -> {
            try (ContextConnection connection = kit.another()) {
                started.countDown();
                return connection
                        .namespace(name)
                        .cache("c", Duration.ofMinutes(1))
                        .get("k", key -> {
                            loads.incrementAndGet();
                            await(started);
                            return Bytes.utf8("v");
                        });
            }
        });

        assertThat(values).allMatch(Bytes.utf8("v")::equals);
        assertThat(loads).hasValue(1);
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

    @Test
    @Proves("K5")
    void whatWasInvalidatedBeforeItWasThereHasNoStaleValue(Kit kit) {
        Cache cache = kit.namespace().cache("c", Duration.ofMinutes(1));
        cache.invalidate("k");

        assertThatThrownBy(() -> cache.getOrStale("k", key -> {
                    throw new ContextUnavailableException("the source is down");
                }))
                .isInstanceOf(ContextUnavailableException.class);
    }

    @Test
    @Proves({"K1", "K5"})
    void aValueOfEverySizeThatTheStoreTakesIsCached(Kit kit) {
        Cache cache = kit.namespace().cache("c", Duration.ofMinutes(1));
        int limit = Math.min(kit.info().limits().valueBytes(), 32 << 20);
        byte[] most = new byte[limit];
        kit.random().nextBytes(most);
        for (int size : new int[] {0, 1, limit - 1, limit}) {
            Bytes value = Bytes.of(Arrays.copyOf(most, size));
            assertThat(cache.get("k" + size, key -> value)).isEqualTo(value);
            assertThat(cache.get("k" + size, key -> Bytes.utf8("again"))).isEqualTo(value);
        }
        for (int size : new int[] {0, 1, limit}) {
            Bytes value = Bytes.of(Arrays.copyOf(most, size));
            cache.invalidate("k" + size);
            assertThat(cache.getOrStale("k" + size, key -> {
                        throw new ContextUnavailableException("the source is down");
                    }))
                    .isEqualTo(value);
            assertThat(cache.get("k" + size, key -> Bytes.utf8("new"))).isEqualTo(Bytes.utf8("new"));
        }
        if (limit == kit.info().limits().valueBytes()) {
            assertThatThrownBy(() -> cache.get("big", key -> Bytes.of(new byte[limit + 1])))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("is " + (limit + 1) + "; the limit is " + limit);
        }
    }

    @Test
    @Proves("K5")
    @SuppressWarnings("NullAway")
    void keysAreTheirTextsAndNothingElse(Kit kit) {
        Cache cache = kit.namespace().cache("c", Duration.ofMinutes(1));
        String longest = "k".repeat(512 - "cache/c/".length());

        assertThat(cache.get(longest, key -> Bytes.utf8("v"))).isEqualTo(Bytes.utf8("v"));
        assertThatThrownBy(() -> cache.get(longest + "k", key -> Bytes.utf8("v")))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        refused -> assertThat(refused.field()).isEqualTo("cache.key"))
                .hasMessageContaining("" + longest.length());
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> cache.get(null, key -> Bytes.utf8("v")),
                () -> cache.getOrStale(null, key -> Bytes.utf8("v")),
                () -> cache.invalidate(null))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            refused -> assertThat(refused.field()).isEqualTo("cache.key"));
        }
        assertThat(cache.get("null", key -> Bytes.utf8("w"))).isEqualTo(Bytes.utf8("w"));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).as("all have come").isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
