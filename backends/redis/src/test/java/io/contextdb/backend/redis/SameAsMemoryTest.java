package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.error.ContextNonTransientException;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Random batches do the same to Redis as to the store in memory, which is the contract in code. */
class SameAsMemoryTest {
    private static final int ROUNDS = Integer.getInteger("contextdb.same.rounds", 30);
    private static final int BATCHES = 60;
    private static final NamespaceName NAMESPACE = NamespaceName.of("n");
    private static final List<UUID> SUBJECTS = List.of(new UUID(0, 1), new UUID(0, 2), new UUID(0, 3));
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "+7",
            "007",
            "-1",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "x",
            "",
            "1.5",
            "9999999999",
            "10000000000",
            "-10000000001",
            "99999999999999999999");
    private static final List<Long> DELTAS =
            List.of(1L, -1L, 0L, Long.MAX_VALUE, Long.MIN_VALUE, 9_999_999_999L, -10_000_000_001L, 1L << 53);

    /** A backend with the events that were appended to it, by number, because positions differ. */
    private static final class Side {
        final Backend backend;
        final Map<Integer, EventPosition> positions = new HashMap<>();
        final Map<EventPosition, Integer> numbers = new HashMap<>();
        int appended;

        Side(Backend backend) {
            this.backend = backend;
            numbers.put(EventPosition.START, 0);
            positions.put(0, EventPosition.START);
        }

        ReadScope scope() {
            return new ReadScope(NAMESPACE, Deadline.after(Duration.ofSeconds(30)), CommitToken.NONE);
        }

        String apply(Function<Side, List<Mutation>> batch) {
            try {
                List<MutationResult> results = backend.apply(
                                WriteBatch.of(NAMESPACE, batch.apply(this)), Deadline.after(Duration.ofSeconds(30)))
                        .results();
                return results.stream().map(this::shown).toList().toString();
            } catch (ContextNonTransientException refused) {
                return refused.getClass().getSimpleName() + " " + refused.code() + " "
                        + (refused instanceof io.contextdb.spi.error.PreconditionFailedException failed
                                ? failed.mutationIndex() + " " + failed.currentVersion()
                                : "");
            }
        }

        private String shown(MutationResult result) {
            return switch (result) {
                case MutationResult.Appended appendedTo -> {
                    appended++;
                    positions.put(appended, appendedTo.position());
                    numbers.put(appendedTo.position(), appended);
                    yield "event " + appended;
                }
                case MutationResult.Claimed claimed ->
                    claimed.deliveries().stream()
                            .map(delivery -> shown(delivery.event()) + " attempt " + delivery.attempt())
                            .toList()
                            .toString();
                case MutationResult.Permits permits -> permits.allowed() + " " + permits.remaining();
                default -> result.toString();
            };
        }

        private String shown(Event event) {
            // An event that was claimed in the batch that appended it has no number yet.
            return event.type() + "/" + event.subject() + "/" + payload(event);
        }

        private static String payload(Event event) {
            return event.payload() instanceof Payload.Binary binary
                    ? binary.bytes().utf8()
                    : event.payload().toString();
        }

        String state() {
            StringBuilder state = new StringBuilder();
            backend.keys()
                    .scan(scope(), "", PageRequest.first(1_000))
                    .items()
                    .forEach(entry -> state.append(entry.key())
                            .append('=')
                            .append(entry.value().utf8())
                            .append('@')
                            .append(entry.version())
                            .append(entry.expiresAt().isPresent() ? " expires\n" : "\n"));
            for (Event event : backend.events().read(scope(), EventQuery.after(EventPosition.START, 1_000))) {
                state.append(numbers.get(event.position()))
                        .append(' ')
                        .append(shown(event))
                        .append('\n');
            }
            backend.events()
                    .read(
                            scope(),
                            EventQuery.after(EventPosition.START, 3)
                                    .types("t1")
                                    .about(SUBJECTS.get(0).toString()))
                    .forEach(event -> state.append("selected ")
                            .append(numbers.get(event.position()))
                            .append('\n'));
            state.append("last ")
                    .append(numbers.get(backend.events().last(scope())))
                    .append('\n');
            for (ConsumerGroup group : backend.events().groups(scope())) {
                state.append(group.name())
                        .append(" from ")
                        .append(numbers.get(group.from()))
                        .append('\n');
                for (DeadLetter letter : backend.events()
                        .deadLetters(scope(), group.name(), PageRequest.first(1_000))
                        .items()) {
                    state.append("dead ")
                            .append(numbers.get(letter.event().position()))
                            .append(' ')
                            .append(shown(letter.event()))
                            .append(letter.attempts())
                            .append('\n');
                }
            }
            return state.append(backend.namespaces().statistics(scope())).toString();
        }
    }

    @Test
    void randomBatchesDoTheSame() {
        long seed = Long.getLong("contextdb.seed", System.nanoTime());
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            // Keys that expire raise the versions of others in Redis, earlier than in memory: then versions are left
            // out.
            boolean expiring = round % 2 == 1;
            try (Backend memory = new MemoryBackendProvider()
                            .open(new BackendConfig("memory", "same" + seed + round, Map.of(), List.of()));
                    Backend redis = TestServer.open(TestServer.get().url(TestServer.prefix("same")))) {
                Side expected = new Side(memory);
                Side actual = new Side(redis);
                for (int i = 0; i < BATCHES; i++) {
                    Function<Side, List<Mutation>> batch = batch(random, expiring);
                    String description = "seed " + (seed + round) + ", batch " + i + ": " + batch.apply(expected);
                    assertThat(comparable(actual.apply(batch), expiring))
                            .as(description)
                            .isEqualTo(comparable(expected.apply(batch), expiring));
                    assertThat(comparable(actual.state(), expiring))
                            .as(description)
                            .isEqualTo(comparable(expected.state(), expiring));
                }
                redis.namespaces().drop(NAMESPACE, Deadline.after(Duration.ofSeconds(30)));
                assertThat(actual.backend
                                .keys()
                                .scan(actual.scope(), "", PageRequest.first())
                                .items())
                        .isEmpty();
            }
        }
    }

    private static String comparable(String text, boolean withoutVersions) {
        return withoutVersions ? text.replaceAll("@\\d+|[vV]ersion=\\d+|(?<=FAILED \\d{1,2} )\\d+", "") : text;
    }

    private static Function<Side, List<Mutation>> batch(Random random, boolean expiring) {
        if (random.nextInt(3) == 0) {
            Mutation put = plainPut(random, expiring);
            return side -> List.of(put);
        }
        List<Function<Side, Mutation>> mutations = new ArrayList<>();
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            mutations.add(mutation(random, expiring));
        }
        return side -> mutations.stream().map(one -> one.apply(side)).toList();
    }

    /** A put that goes by a script of its own if it is alone; over keys that may be absent, about a subject or expiring. */
    private static Mutation plainPut(Random random, boolean expiring) {
        KeyMutation.PutKey put =
                KeyMutation.PutKey.of(any(random, List.of("a", "b", "c", "d")), Bytes.utf8(any(random, NUMBERS)));
        return expiring && random.nextInt(2) == 0 ? put.expiringAfter(Duration.ofHours(1)) : put;
    }

    private static <T> T any(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static Function<Side, Mutation> mutation(Random random, boolean expiring) {
        String key = any(random, List.of("a", "b", "c", "d"));
        String group = any(random, List.of("g", "g", "h"));
        String subject = random.nextBoolean() ? "" : any(random, SUBJECTS).toString();
        Condition condition = condition(random, expiring);
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> {
                KeyMutation.PutKey put = KeyMutation.PutKey.of(key, Bytes.utf8(any(random, NUMBERS)))
                        .about(subject)
                        .onlyIf(condition);
                KeyMutation.PutKey chosen =
                        expiring && random.nextInt(4) == 0 ? put.expiringAfter(Duration.ofHours(1)) : put;
                return side -> chosen;
            }
            case 3 -> {
                return side -> new KeyMutation.DeleteKey(key, condition);
            }
            case 4, 5 -> {
                long delta = any(random, DELTAS);
                return side -> new KeyMutation.Increment(key, delta);
            }
            case 6 -> {
                return side ->
                        expiring ? new KeyMutation.Expire(key, Duration.ofHours(2)) : new KeyMutation.Increment(key, 3);
            }
            case 7 -> {
                int permits = 1 + random.nextInt(3);
                return side -> new KeyMutation.Acquire(key, permits, 5, Duration.ofHours(1));
            }
            case 8, 9, 10 -> {
                EventDraft draft = EventDraft.of(
                                "t" + random.nextInt(2), Payload.bytes(Bytes.utf8("p" + random.nextInt(1_000))))
                        .about(subject);
                return side -> new EventMutation.Append(draft);
            }
            case 11 -> {
                int attempts = 1 + random.nextInt(2);
                int from = random.nextInt(3);
                return side -> new EventMutation.CreateGroup(new ConsumerGroup(
                        group, side.positions.getOrDefault(from, EventPosition.START), Duration.ofHours(1), attempts));
            }
            case 12 -> {
                int limit = 1 + random.nextInt(4);
                return random.nextInt(8) == 0
                        ? side -> new EventMutation.DropGroup(group)
                        : side -> new EventMutation.Claim(group, limit);
            }
            case 13 -> {
                int number = random.nextInt(12);
                boolean acknowledges = random.nextBoolean();
                return side -> {
                    List<EventPosition> positions = List.of(
                            side.positions.getOrDefault(side.appended - number, EventPosition.START),
                            side.positions.getOrDefault(number, EventPosition.START));
                    return acknowledges
                            ? new EventMutation.Acknowledge(group, positions)
                            : new EventMutation.Release(group, positions);
                };
            }
            case 14 -> {
                EventMutation.Trim trim = EventMutation.Trim.keepNewest(random.nextInt(10));
                EventMutation.Trim chosen = random.nextInt(3) == 0 ? trim.forced() : trim;
                return side -> chosen;
            }
            default -> {
                return random.nextInt(3) == 0
                        ? side -> new GraphMutation.Erase(List.of(any(new Random(key.hashCode()), SUBJECTS)))
                        : side -> new EventMutation.Claim(group, 10);
            }
        }
    }

    private static Condition condition(Random random, boolean expiring) {
        Condition condition = switch (random.nextInt(6)) {
            case 0 -> Condition.absent();
            case 1 -> expiring ? Condition.none() : Condition.version(1 + random.nextInt(6));
            default -> Condition.none();
        };
        return random.nextBoolean() ? condition.orSkip() : condition;
    }
}
