package io.contextdb.tck.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Cache;
import io.contextdb.Keys;
import io.contextdb.Limiter;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.MutationResult.Permits;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Keys, limiters and caches. */
@Needs(Capability.KEYS)
public abstract class KeySuite {
    private static final Duration SHORT = Duration.ofMillis(80);

    @Test
    @Proves("K1")
    void valuesComeBackExactly(Kit kit) {
        Keys keys = kit.namespace().keys();
        byte[] all = new byte[256];
        IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
        byte[] big = new byte[1 << 20];
        kit.random().nextBytes(big);

        for (Bytes value : List.of(Bytes.EMPTY, Bytes.of(all), Bytes.of(big))) {
            keys.put("k", value);
            assertThat(keys.get("k").orElseThrow().value()).isEqualTo(value);
        }
    }

    @Test
    @Proves({"K1", "G12"})
    void manyAreReadInTheOrderAskedWithoutTheAbsent(Kit kit) {
        Keys keys = kit.namespace().keys();
        keys.put("b", Bytes.utf8("2"));
        keys.put("a", Bytes.utf8("1"));

        assertThat(keys.get(List.of("b", "absent", "a", "b")))
                .extracting(KeyEntry::key)
                .containsExactly("b", "a");
    }

    @Test
    @Proves({"K1", "G12"})
    void scansFollowCodePointsAndPrefixesLiterally(Kit kit) {
        Keys keys = kit.namespace().keys();
        List<String> names =
                List.of("%", "'", "/", "A", "_", "a", "a%", "a_", "ab", "é", "e\u0301", "\uFFFD", "😀", "a\"b");
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, kit.random());
        shuffled.forEach(name -> keys.put(name, Bytes.utf8(name)));

        List<String> expected = new ArrayList<>(names);
        expected.sort(io.contextdb.spi.value.CodePointOrder.INSTANCE);
        assertThat(keys.scan("").map(KeyEntry::key)).containsExactlyElementsOf(expected);
        assertThat(keys.scan("a").map(KeyEntry::key))
                .containsExactlyElementsOf(
                        expected.stream().filter(name -> name.startsWith("a")).toList());
        assertThat(keys.scan("%").map(KeyEntry::key)).containsExactly("%");
        assertThat(keys.scan("_").map(KeyEntry::key)).containsExactly("_");
    }

    @Test
    @Needs(batches = true)
    @Proves("K1")
    void longScansReadEveryPage(Kit kit) {
        Keys keys = kit.namespace().keys();
        for (int from = 0; from < 2_500; from += 500) {
            java.util.Map<String, Bytes> some = new java.util.HashMap<>();
            for (int i = from; i < from + 500; i++) {
                some.put(String.format("k%05d", i), Bytes.EMPTY);
            }
            keys.putAll(some);
        }

        assertThat(keys.scan("k").map(KeyEntry::key))
                .containsExactlyElementsOf(IntStream.range(0, 2_500)
                        .mapToObj(i -> String.format("k%05d", i))
                        .toList());
    }

    @Test
    @Proves({"K1", "G8"})
    void versionsRiseAndNeverGoBackOverDeletion(Kit kit) {
        Keys keys = kit.namespace().keys();
        long first = keys.put("k", Bytes.utf8("1"));
        long second = keys.put("k", Bytes.utf8("2"));
        keys.delete("k");
        long third = keys.put("k", Bytes.utf8("3"));

        assertThat(second).isGreaterThan(first);
        assertThat(third).isGreaterThan(second);
        assertThat(keys.get("k").orElseThrow().version()).isEqualTo(third);
    }

    @Test
    @Proves("K1")
    void compareAndSetTakesTheExactVersionOnly(Kit kit) {
        Keys keys = kit.namespace().keys();
        long version = keys.put("k", Bytes.utf8("1"));

        OptionalLong next = keys.compareAndSet("k", version, Bytes.utf8("2"));
        assertThat(next).isPresent();
        assertThat(keys.compareAndSet("k", version, Bytes.utf8("3"))).isEmpty();
        assertThat(keys.compareAndSet("absent", 1, Bytes.EMPTY)).isEmpty();
        assertThat(keys.get("k").orElseThrow().value()).isEqualTo(Bytes.utf8("2"));
    }

    @Test
    @Proves({"K1", "G13"})
    void ofManyWhoPutIfAbsentOneDoes(Kit kit) {
        Keys keys = kit.namespace().keys();

        List<Boolean> done = kit.together(32, i -> keys.putIfAbsent("k", Bytes.utf8("" + i)));

        assertThat(done).containsOnlyOnce(true);
        assertThat(keys.get("k").orElseThrow().value().utf8()).isEqualTo("" + done.indexOf(true));
    }

    @Test
    @Needs(batches = true)
    @Proves("G5")
    void aFailedConditionNamesItsMutationAndLeavesNothing(Kit kit) {
        Namespace namespace = kit.namespace();
        namespace.keys().put("there", Bytes.EMPTY);

        assertThatThrownBy(() -> namespace
                        .batch()
                        .put("new", Bytes.EMPTY)
                        .add(PutKey.of("there", Bytes.EMPTY).onlyIf(Condition.absent()))
                        .apply())
                .isInstanceOfSatisfying(PreconditionFailedException.class, failed -> {
                    assertThat(failed.mutationIndex()).isEqualTo(1);
                    assertThat(failed.currentVersion()).isPositive();
                });
        assertThat(namespace.keys().get("new")).isEmpty();
    }

    @Test
    @Proves("K2")
    void anExpiredKeyIsAbsentFromEveryRead(Kit kit) {
        Namespace namespace = kit.namespace();
        Keys keys = namespace.keys();
        keys.put("k", Bytes.utf8("x"), SHORT);
        keys.put("stays", Bytes.utf8("x"));
        assertThat(keys.get("k").orElseThrow().expiresAt().orElseThrow())
                .isAfter(Instant.now().minusSeconds(60));

        kit.await("the key expires", () -> keys.get("k").isEmpty());
        assertThat(keys.scan("").map(KeyEntry::key)).containsExactly("stays");
        assertThat(namespace.statistics().keys()).isEqualTo(1);
        assertThat(keys.delete("k")).isFalse();
        assertThat(keys.putIfAbsent("k", Bytes.EMPTY)).isTrue();
    }

    @Test
    @Proves("K2")
    void aPutClearsAndAnIncrementKeepsTheTimeToLive(Kit kit) {
        Keys keys = kit.namespace().keys();
        keys.put("cleared", Bytes.EMPTY, SHORT);
        keys.put("cleared", Bytes.EMPTY);
        keys.put("counter", Bytes.utf8("1"), SHORT);
        keys.increment("counter", 1);

        assertThat(keys.get("cleared").orElseThrow().expiresAt()).isEmpty();
        kit.await("the counter expires", () -> keys.get("counter").isEmpty());
        assertThat(keys.get("cleared")).isPresent();
        assertThat(keys.increment("counter", 5)).isEqualTo(5);
    }

    @Test
    @Proves("K2")
    void expiryCanBeSetLater(Kit kit) {
        Keys keys = kit.namespace().keys();
        keys.put("k", Bytes.utf8("v"));

        assertThat(keys.expire("absent", SHORT)).isFalse();
        assertThat(keys.expire("k", SHORT)).isTrue();
        kit.await("the key expires", () -> keys.get("k").isEmpty());
    }

    @Test
    @Proves("K2")
    void timesToLiveBelowAMillisecondAreRefused(Kit kit) {
        Keys keys = kit.namespace().keys();
        for (Duration ttl : List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofNanos(999_999))) {
            assertThatThrownBy(() -> keys.put("k", Bytes.EMPTY, ttl))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("ttl");
        }
        assertThat(keys.get("k")).isEmpty();
    }

    @Test
    @Proves({"K3", "G13"})
    void incrementsOfManyThreadsAddUp(Kit kit) {
        Keys keys = kit.namespace().keys();

        kit.together(16, i -> {
            for (int n = 0; n < 25; n++) {
                keys.increment("counter", i + 1);
            }
            return i;
        });

        assertThat(keys.increment("counter", 0)).isEqualTo(25L * 16 * 17 / 2);
    }

    @Test
    @Proves("K3")
    void overflowsAndValuesThatAreNoCountersAreRefused(Kit kit) {
        Keys keys = kit.namespace().keys();
        keys.put("max", Bytes.utf8("" + Long.MAX_VALUE));
        keys.put("min", Bytes.utf8("" + Long.MIN_VALUE));
        keys.put("text", Bytes.utf8("one"));

        assertThatThrownBy(() -> keys.increment("max", 1)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> keys.increment("min", -1)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> keys.increment("text", 1)).isInstanceOf(InvalidRequestException.class);
        assertThat(keys.get("max").orElseThrow().value().utf8()).isEqualTo("" + Long.MAX_VALUE);
        assertThat(keys.increment("max", -1)).isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    @Needs(Capability.RATE_LIMITS)
    @Proves("K4")
    void aLimiterCountsDownAndSaysWhenToComeBack(Kit kit) {
        Limiter limiter = kit.namespace().limiter(5, Duration.ofSeconds(30));

        assertThat(limiter.tryAcquire("user", 3).remaining()).isEqualTo(2);
        Permits refused = limiter.tryAcquire("user", 3);
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.remaining()).isEqualTo(2);
        assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        assertThat(limiter.tryAcquire("user", 2).allowed()).isTrue();
        assertThat(limiter.tryAcquire("other", 5).allowed()).isTrue();
    }

    @Test
    @Needs(Capability.RATE_LIMITS)
    @Proves({"K4", "G13"})
    void noWindowEverHoldsMoreThanTheLimit(Kit kit) {
        Namespace namespace = kit.namespace();
        Duration window = Duration.ofMillis(250);
        int limit = 10;
        List<Span> given = Collections.synchronizedList(new ArrayList<>());

        kit.together(8, i -> {
            Limiter limiter = namespace.limiter(limit, window);
            long end = System.nanoTime() + Duration.ofMillis(900).toNanos();
            while (System.nanoTime() < end) {
                long before = System.nanoTime();
                if (limiter.tryAcquire("k").allowed()) {
                    given.add(new Span(before, System.nanoTime()));
                }
            }
            return i;
        });

        assertThat(given.size()).isGreaterThan(limit);
        for (Span first : given) {
            // Only what surely was given within one window counts: asked for after its start, answered before its end.
            long within = given.stream()
                    .filter(other ->
                            other.before() >= first.before() && other.after() < first.before() + window.toNanos())
                    .count();
            assertThat(within).isLessThanOrEqualTo(limit);
        }
    }

    /** When a permit was asked for, and when it had been given. */
    private record Span(long before, long after) {}

    @Test
    @Needs(Capability.RATE_LIMITS)
    @Proves("K4")
    void permitsComeBackWhenTheWindowHasPassed(Kit kit) {
        Limiter limiter = kit.namespace().limiter(1, SHORT);

        assertThat(limiter.tryAcquire("k").allowed()).isTrue();
        kit.await("the window passes", () -> limiter.tryAcquire("k").allowed());
    }

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
