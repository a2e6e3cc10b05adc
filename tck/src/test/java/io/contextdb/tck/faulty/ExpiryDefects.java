package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.receipt;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.KeyMutation.Expire;
import io.contextdb.spi.write.KeyMutation.Increment;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Mistakes with times to live. */
final class ExpiryDefects {
    private ExpiryDefects() {}

    static List<Defect> all() {
        return expiry();
    }

    private static List<KeyEntry> current(Call call, String key) {
        return call.healthy().keys().get(call.before(), List.of(key));
    }

    private static PutKey living(PutKey put, Function<Duration, @Nullable Duration> change) {
        Duration ttl = put.ttl().map(change).orElse(null);
        PutKey other = PutKey.of(put.key(), put.value()).onlyIf(put.condition()).about(put.subject());
        return ttl == null ? other : other.expiringAfter(ttl);
    }

    private static List<Defect> expiry() {
        Instant never = Instant.parse("9999-01-01T00:00:00Z");
        return List.of(
                of(
                        "ttl-ignored",
                        "Times to live are ignored.",
                        "K2",
                        replaced(PutKey.class, put -> living(put, ttl -> null))),
                of(
                        "ttl-in-whole-seconds",
                        "Times to live are cut to seconds, below one to none.",
                        "K2",
                        replaced(
                                PutKey.class,
                                put -> living(
                                        put,
                                        ttl -> ttl.toSeconds() == 0 ? null : Duration.ofSeconds(ttl.toSeconds())))),
                of(
                        "ttl-rounded-up",
                        "Times to live are rounded up to seconds, and a key expires too late.",
                        "K2",
                        replaced(PutKey.class, put -> living(put, ttl -> Duration.ofSeconds(ttl.toSeconds() + 1)))),
                of(
                        "put-keeps-the-ttl",
                        "A put without a time to live keeps an older one.",
                        "K2",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                PutKey.class,
                                                put -> put.ttl().isPresent()
                                                        ? put
                                                        : current(call, put.key()).stream()
                                                                .flatMap(entry -> entry.expiresAt().stream())
                                                                .findFirst()
                                                                .map(end -> Duration.between(Instant.now(), end))
                                                                .filter(left -> left.toMillis() > 0)
                                                                .map(put::expiringAfter)
                                                                .orElse(put))
                                        .proceed())),
                of(
                        "increment-clears-the-ttl",
                        "An increment clears the time to live.",
                        "K2",
                        in(
                                        "apply",
                                        call -> call.rewriting(Increment.class, add -> {
                                                    List<KeyEntry> old = current(call, add.key());
                                                    return old.isEmpty()
                                                                    || old.get(0)
                                                                            .expiresAt()
                                                                            .isEmpty()
                                                            ? add
                                                            : PutKey.of(
                                                                    add.key(),
                                                                    Bytes.utf8(""
                                                                            + (Long.parseLong(old.get(0)
                                                                                            .value()
                                                                                            .utf8())
                                                                                    + add.delta())));
                                                })
                                                .proceed())
                                .and(receipt((mutation, result) ->
                                        mutation instanceof Increment && result instanceof MutationResult.Written done
                                                ? new MutationResult.Counter(0, done.version())
                                                : result))),
                remembering("expired-keys-scanned", "Scans list keys that have expired.", "K2", () -> {
                    Map<String, Map<String, KeyEntry>> known = new ConcurrentHashMap<>();
                    return call -> {
                        if (call.is("keys.get")) {
                            call.<KeyEntry>list().stream()
                                    .filter(entry -> entry.expiresAt().isPresent())
                                    .forEach(entry -> known.computeIfAbsent(
                                                    call.scope().namespace().value(), name -> new ConcurrentHashMap<>())
                                            .put(entry.key(), entry));
                        }
                        if (!call.is("keys.scan")) {
                            return call.proceed();
                        }
                        return Rewriting.items(call.proceed(), (List<KeyEntry> entries) -> {
                            Map<String, KeyEntry> all = new java.util.TreeMap<>(
                                    known.getOrDefault(call.scope().namespace().value(), Map.of()));
                            entries.forEach(entry -> all.put(entry.key(), entry));
                            return List.copyOf(all.values());
                        });
                    };
                }),
                remembering("expired-keys-counted", "Statistics count keys that have expired.", "K2", () -> {
                    Map<String, Long> most = new ConcurrentHashMap<>();
                    return call -> {
                        if (call.is("apply")) {
                            Object done = call.proceed();
                            most.merge(
                                    call.batch().namespace().value(),
                                    call.healthy()
                                            .namespaces()
                                            .statistics(call.before())
                                            .keys(),
                                    Math::max);
                            return done;
                        }
                        return call.is("namespaces.statistics")
                                ? Rewriting.within(
                                        call.proceed(),
                                        io.contextdb.spi.NamespaceStatistics.class,
                                        s -> new io.contextdb.spi.NamespaceStatistics(
                                                s.nodes(),
                                                s.nodeVersions(),
                                                s.edges(),
                                                s.sources(),
                                                s.points(),
                                                most.getOrDefault(
                                                        call.scope().namespace().value(), s.keys()),
                                                s.events(),
                                                s.documents()))
                                : call.proceed();
                    };
                }),
                of(
                        "expiry-untold",
                        "Reads do not say when a key expires.",
                        "K2",
                        seen(KeyEntry.class, entry -> new KeyEntry(entry.key(), entry.value(), entry.version(), null))),
                of(
                        "expiry-of-the-absent-succeeds",
                        "Giving a time to live to a key that does not exist says that it did.",
                        "K2",
                        receipt((mutation, result) ->
                                mutation instanceof Expire && result instanceof MutationResult.Skipped
                                        ? new MutationResult.Written(1)
                                        : result)),
                of(
                        "expiry-only-for-the-living",
                        "A time to live can be given to a key only if it has one.",
                        "K2",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                Expire.class,
                                                expire -> current(call, expire.key()).stream()
                                                                .anyMatch(entry -> entry.expiresAt()
                                                                        .isPresent())
                                                        ? expire
                                                        : new Expire(expire.key(), KeyMutation.MAX_TTL))
                                        .proceed())),
                remembering(
                        "expired-key-blocks-put-if-absent",
                        "An expired key still counts as there for a condition.",
                        "K2",
                        () -> {
                            Map<String, Boolean> mortal = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                for (Mutation mutation : call.batch().mutations()) {
                                    if (mutation instanceof PutKey put) {
                                        String name = call.batch().namespace() + " " + put.key();
                                        if (put.condition().kind() == io.contextdb.spi.write.Condition.Kind.ABSENT
                                                && mortal.containsKey(name)
                                                && call.batch().mutations().size() == 1) {
                                            return call.pretended(new MutationResult.Skipped(1));
                                        }
                                        if (put.ttl().isPresent()) {
                                            mortal.put(name, true);
                                        }
                                    }
                                }
                                return call.proceed();
                            });
                        }),
                of(
                        "unending-as-year-9999",
                        "Keys without a time to live say that they expire in the year 9999.",
                        "K2",
                        seen(
                                KeyEntry.class,
                                entry -> new KeyEntry(
                                        entry.key(),
                                        entry.value(),
                                        entry.version(),
                                        entry.expiresAt().orElse(never)))));
    }
}
