package io.contextdb.backend.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to times to live, limiters, claims and ages when the machine's clock is set. */
class ClockSetTest {
    private static final NamespaceName SPACE = NamespaceName.of("test");
    private static final Duration BACK = Duration.ofHours(-5);
    private static final Duration FORWARD = Duration.ofHours(5);

    private final MovableClock clock = new MovableClock();
    private final MemoryBackend backend = new MemoryBackend(new MemoryStore(clock, clock), false, false, () -> {});

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void shortTimesToLiveEndThoughTheClockWasSetBack() {
        put("before", Duration.ofSeconds(1));
        clock.set(BACK);
        put("after", Duration.ofSeconds(1));
        clock.pass(Duration.ofMillis(900));
        assertThat(keys("before", "after")).containsExactly("before", "after");
        clock.pass(Duration.ofMillis(200));
        assertThat(keys("before", "after")).isEmpty();
        apply(KeyMutation.PutKey.of("sweeps", Bytes.EMPTY));
        assertThat(backend.namespaces().statistics(scope()).keys()).isEqualTo(1);
    }

    @Test
    void whatHasExpiredDoesNotComeBack() {
        put("short", Duration.ofSeconds(1));
        clock.pass(Duration.ofSeconds(2));
        assertThat(keys("short")).isEmpty();
        clock.set(BACK);
        assertThat(keys("short")).isEmpty();
    }

    @Test
    void aClockSetForwardIsFollowedAndNotBackAgain() {
        put("hour", Duration.ofHours(1));
        clock.set(FORWARD);
        assertThat(keys("hour")).isEmpty();
        clock.set(BACK);
        assertThat(keys("hour")).isEmpty();
    }

    @Test
    void aLimiterIsNotBlockedLongerThanItsWindow() {
        assertThat(acquire().allowed()).isTrue();
        clock.set(BACK);
        assertThat(acquire().allowed()).isTrue();
        MutationResult.Permits refused = acquire();
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(10));
        clock.pass(Duration.ofSeconds(9));
        assertThat(acquire().allowed()).isFalse();
        clock.pass(Duration.ofMillis(1_100));
        assertThat(acquire().allowed()).isTrue();
    }

    @Test
    void aClaimEndsThoughTheClockWasSetBack() {
        apply(new EventMutation.Append(EventDraft.of("seen", PropertyMap.empty())));
        apply(new EventMutation.CreateGroup(
                new ConsumerGroup("workers", EventPosition.START, Duration.ofSeconds(30), 5)));
        assertThat(claim()).hasSize(1);
        clock.set(BACK);
        clock.pass(Duration.ofSeconds(29));
        assertThat(claim()).isEmpty();
        clock.pass(Duration.ofMillis(1_100));
        assertThat(claim()).singleElement().extracting(Delivery::attempt).isEqualTo(2);
    }

    @Test
    void agesGrowByTheTimeThatPasses() {
        apply(new EventMutation.Append(EventDraft.of("old", PropertyMap.empty())));
        clock.pass(Duration.ofHours(1));
        clock.set(BACK);
        clock.pass(Duration.ofHours(1));
        apply(new EventMutation.Append(EventDraft.of("young", PropertyMap.empty())));
        List<Event> events = backend.events().read(scope(), EventQuery.after(EventPosition.START, 10));
        Instant old = events.get(0).appendedAt();
        assertThat(Duration.between(old, events.get(1).appendedAt()))
                .isCloseTo(Duration.ofHours(2), Duration.ofSeconds(8));
        assertThat(apply(EventMutation.Trim.before(old.plus(Duration.ofMinutes(90)))))
                .isEqualTo(new MutationResult.Removed(1));
    }

    @Test
    void operationIdsAreForgottenAfterSevenDaysThatPassed() {
        WriteBatch batch = WriteBatch.of(SPACE, List.of(new KeyMutation.Increment("n", 1)));
        WriteReceipt first = backend.apply(batch, soon());
        clock.set(Duration.ofDays(-30));
        clock.pass(Duration.ofDays(6));
        assertThat(backend.apply(batch, soon())).isEqualTo(first);
        clock.pass(Duration.ofDays(2));
        assertThat(backend.apply(batch, soon())).isNotEqualTo(first);
    }

    @Test
    void theSystemsClockIsCaughtUpWith() {
        clock.set(Duration.ofSeconds(-1));
        clock.pass(Duration.ofSeconds(2_000));
        WriteBatch batch = WriteBatch.of(SPACE, List.of(new KeyMutation.Increment("n", 1)));
        assertThat(backend.apply(batch, soon()).committedAt()).isEqualTo(clock.instant());
    }

    @Test
    void aThreadThatIsHeldUpBetweenTwoReadingsDoesNotSetTheClockForward() {
        clock.pass(Duration.ofSeconds(1));
        clock.pauseAfterNextReading(Duration.ofMillis(300));
        put("k", Duration.ofHours(1));
        clock.pass(Duration.ofMillis(1));
        WriteBatch batch = WriteBatch.of(SPACE, List.of(new KeyMutation.Increment("n", 1)));
        assertThat(backend.apply(batch, soon()).committedAt()).isBeforeOrEqualTo(clock.instant());
    }

    private void put(String key, Duration ttl) {
        apply(KeyMutation.PutKey.of(key, Bytes.EMPTY).expiringAfter(ttl));
    }

    private List<String> keys(String... keys) {
        return backend.keys().get(scope(), List.of(keys)).stream()
                .map(KeyEntry::key)
                .toList();
    }

    private MutationResult.Permits acquire() {
        return (MutationResult.Permits) apply(new KeyMutation.Acquire("calls", 1, 2, Duration.ofSeconds(10)));
    }

    private List<Delivery> claim() {
        return ((MutationResult.Claimed) apply(new EventMutation.Claim("workers", 10))).deliveries();
    }

    private MutationResult apply(Mutation mutation) {
        return backend.apply(WriteBatch.of(SPACE, List.of(mutation)), soon())
                .results()
                .get(0);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private static ReadScope scope() {
        return new ReadScope(SPACE, soon(), CommitToken.NONE);
    }
}
