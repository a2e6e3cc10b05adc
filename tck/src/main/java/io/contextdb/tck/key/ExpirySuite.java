package io.contextdb.tck.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.Keys;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Times to live. */
@Needs(Capability.KEYS)
public abstract class ExpirySuite {
    private static final Duration SHORT = Duration.ofMillis(80);
    /** What lives as long is there after any pause of a machine. */
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    @Proves("K2")
    void anExpiredKeyIsAbsentFromEveryRead(Kit kit) {
        Namespace namespace = kit.namespace();
        Keys keys = namespace.keys();
        keys.put("k", Bytes.utf8("x"), LONG);
        keys.put("stays", Bytes.utf8("x"));
        assertThat(keys.get("k").orElseThrow().expiresAt().orElseThrow())
                .isAfter(Instant.now().minusSeconds(60));

        keys.put("k", Bytes.utf8("x"), SHORT);
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
        keys.put("kept", Bytes.utf8("1"), LONG);
        Instant expiry = keys.get("kept").orElseThrow().expiresAt().orElseThrow();
        keys.increment("kept", 1);
        long incremented = 1;
        // More time where the machine stood still until it had expired.
        for (Duration ttl = SHORT; incremented == 1 && ttl.compareTo(LONG) < 0; ttl = ttl.multipliedBy(4)) {
            keys.put("counter", Bytes.utf8("1"), ttl);
            incremented = keys.increment("counter", 1);
        }

        assertThat(keys.get("cleared").orElseThrow().expiresAt()).isEmpty();
        assertThat(keys.get("kept").orElseThrow().expiresAt()).contains(expiry);
        assertThat(incremented).isEqualTo(2);
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
    @Proves("K2")
    void timesToLiveAreKeptToTheMillisecond(Kit kit) {
        Keys keys = kit.namespace().keys();
        keys.put("a", Bytes.EMPTY, Duration.ofMillis(60_100));
        keys.put("b", Bytes.EMPTY, Duration.ofMillis(60_900));
        keys.put("forever", Bytes.EMPTY);
        keys.put("later", Bytes.EMPTY);
        keys.expire("later", Duration.ofMillis(60_500));

        Instant a = keys.get("a").orElseThrow().expiresAt().orElseThrow();
        Instant b = keys.get("b").orElseThrow().expiresAt().orElseThrow();
        assertThat(Duration.between(a, b)).isGreaterThanOrEqualTo(Duration.ofMillis(800));
        assertThat(a.toEpochMilli() - Instant.now().toEpochMilli())
                .as("by the store's clock")
                .isLessThan(60_100 + 10_000);
        assertThat(keys.get("forever").orElseThrow().expiresAt()).isEmpty();
        assertThat(keys.get("later").orElseThrow().expiresAt()).isPresent();
        assertThat(keys.scan("").filter(entry -> entry.expiresAt().isPresent()).map(KeyEntry::key))
                .containsExactly("a", "b", "later");
        Instant before = keys.get("b").orElseThrow().expiresAt().orElseThrow();
        keys.put("b", Bytes.utf8("1"), Duration.ofDays(1));
        assertThat(keys.get("b").orElseThrow().expiresAt().orElseThrow()).isAfter(before.plusSeconds(3_600));
    }

    @Test
    @Proves("K2")
    void anExpiredKeyIsAbsentForEveryCondition(Kit kit) {
        Keys keys = kit.namespace().keys();
        long version = keys.put("k", Bytes.utf8("7"), SHORT);
        kit.await("the key expires", () -> keys.get("k").isEmpty());

        assertThat(keys.compareAndSet("k", version, Bytes.EMPTY)).isEmpty();
        assertThat(keys.expire("k", Duration.ofHours(1))).isFalse();
        assertThat(keys.increment("k", 1)).as("it starts from nothing").isEqualTo(1);
        assertThat(keys.get("k").orElseThrow().version()).isGreaterThan(version);
        assertThat(keys.get("k").orElseThrow().expiresAt()).isEmpty();
    }
}
