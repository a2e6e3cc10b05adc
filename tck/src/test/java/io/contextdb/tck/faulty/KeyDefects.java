package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.hidden;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.quiet;
import static io.contextdb.tck.faulty.Fault.receipt;
import static io.contextdb.tck.faulty.Fault.replaced;
import static io.contextdb.tck.faulty.Fault.seen;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.KeyMutation.Acquire;
import io.contextdb.spi.write.KeyMutation.DeleteKey;
import io.contextdb.spi.write.KeyMutation.Expire;
import io.contextdb.spi.write.KeyMutation.Increment;
import io.contextdb.spi.write.KeyMutation.PutKey;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.MutationResult.Permits;
import io.contextdb.spi.write.WriteReceipt;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Mistakes with keys, counters, expiry and limiters. */
final class KeyDefects {
    private KeyDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>(values());
        all.addAll(versions());
        all.addAll(expiry());
        all.addAll(counters());
        all.addAll(limiters());
        return all;
    }

    private static List<KeyEntry> current(Call call, String key) {
        return call.healthy().keys().get(NodeDefects.scope(call), List.of(key));
    }

    private static WriteReceipt pretended(Call call, MutationResult result) {
        return new WriteReceipt(call.batch().operationId(), List.of(result), CommitToken.NONE, Instant.now());
    }

    private static Defect valued(String id, String sentence, UnaryOperator<Bytes> change) {
        return of(id, sentence, "K1", replaced(PutKey.class, put -> Rewriting.put(put, change.apply(put.value()))));
    }

    /** Keys are spelled differently in the store. */
    private static Defect spelled(String id, String sentence, UnaryOperator<String> change) {
        return of(
                id,
                sentence,
                "K1",
                call -> call.is("keys.get") || call.is("keys.scan")
                        ? call.rewriting(String.class, change).proceed()
                        : call.rewriting(PutKey.class, put -> {
                                    PutKey other = PutKey.of(change.apply(put.key()), put.value())
                                            .onlyIf(put.condition())
                                            .about(put.subject());
                                    return put.ttl().map(other::expiringAfter).orElse(other);
                                })
                                .proceed());
    }

    private static List<Defect> values() {
        return List.of(
                valued(
                        "values-as-text",
                        "Values go through a text type, which mangles bytes that are no UTF-8.",
                        value -> Bytes.utf8(value.utf8())),
                valued("values-cut-at-zero", "Values end at their first zero byte.", value -> {
                    byte[] bytes = value.toArray();
                    int end = 0;
                    while (end < bytes.length && bytes[end] != 0) {
                        end++;
                    }
                    return Bytes.of(Arrays.copyOf(bytes, end));
                }),
                valued(
                        "values-cut-at-64-ki",
                        "Values are cut to 64 KiB.",
                        value -> Bytes.of(Arrays.copyOf(value.toArray(), Math.min(value.size(), 1 << 16)))),
                of(
                        "values-of-the-limit-cut",
                        "The last byte of a value of exactly the declared limit is lost.",
                        "K1 G9",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                PutKey.class,
                                                put -> put.value().size()
                                                                < call.healthy()
                                                                        .info()
                                                                        .limits()
                                                                        .valueBytes()
                                                        ? put
                                                        : Rewriting.put(
                                                                put,
                                                                Bytes.of(Arrays.copyOf(
                                                                        put.value()
                                                                                .toArray(),
                                                                        put.value()
                                                                                        .size()
                                                                                - 1))))
                                        .proceed())),
                of(
                        "empty-values-are-absent",
                        "A key with an empty value is taken for absent.",
                        "K1",
                        hidden(
                                "keys.get",
                                KeyEntry.class,
                                entry -> entry.value().size() == 0)),
                of(
                        "empty-values-are-not-scanned",
                        "A key with an empty value is left out of scans.",
                        "K1",
                        hidden(
                                "keys.scan",
                                KeyEntry.class,
                                entry -> entry.value().size() == 0)),
                spelled("keys-case-folded", "Keys are compared without case.", key -> key.toLowerCase(Locale.ROOT)),
                spelled(
                        "keys-normalised",
                        "Keys are brought into Unicode normal form C.",
                        key -> Normalizer.normalize(key, Normalizer.Form.NFC)),
                spelled(
                        "keys-trimmed",
                        "Blanks at the end of keys are cut off.",
                        key -> key.isBlank() ? key : key.stripTrailing()),
                spelled(
                        "keys-cut-at-255",
                        "Keys are cut to 255 bytes.",
                        key -> key.length() > 255 ? key.substring(0, 255) : key),
                of(
                        "scan-with-wildcards",
                        "Wildcards in the prefix of a scan are understood as such.",
                        "K1",
                        in(
                                "keys.scan",
                                call -> call.argument(String.class).matches("[%_]")
                                        ? call.with(String.class, "").proceed()
                                        : call.proceed())),
                of("scan-prefix-without-case", "Scans compare the prefix without case.", "K1", in("keys.scan", call -> {
                    Page<KeyEntry> all = call.with(String.class, "").result();
                    String prefix = call.argument(String.class).toLowerCase(Locale.ROOT);
                    return new Page<>(
                            all.items().stream()
                                    .filter(entry ->
                                            entry.key().toLowerCase(Locale.ROOT).startsWith(prefix))
                                    .toList(),
                            all.next());
                })),
                of(
                        "scan-ordered-by-utf-16",
                        "Scans order keys by UTF-16 units.",
                        "K1 G12",
                        listed(
                                "keys.scan",
                                (List<KeyEntry> entries) -> entries.stream()
                                        .sorted(Comparator.comparing(KeyEntry::key))
                                        .toList())),
                of(
                        "scan-ordered-by-language",
                        "Scans order keys as a dictionary does.",
                        "K1 G12",
                        listed(
                                "keys.scan",
                                (List<KeyEntry> entries) -> entries.stream()
                                        .sorted(Comparator.comparing(
                                                KeyEntry::key, java.text.Collator.getInstance(Locale.ENGLISH)::compare))
                                        .toList())),
                of(
                        "scan-unordered",
                        "Scans return keys in the order of their hashes.",
                        "K1 G12",
                        listed(
                                "keys.scan",
                                (List<KeyEntry> entries) -> entries.stream()
                                        .sorted(Comparator.comparing(
                                                entry -> entry.key().hashCode()))
                                        .toList())),
                of(
                        "keys-in-order-of-key",
                        "Keys are returned in their order, not as asked.",
                        "G12 K1",
                        listed(
                                "keys.get",
                                (List<KeyEntry> entries) -> entries.stream()
                                        .sorted(Comparator.comparing(KeyEntry::key))
                                        .toList())),
                of(
                        "keys-answered-twice",
                        "A key that is asked for twice is returned twice.",
                        "G12 K1",
                        in("keys.get", call -> {
                            Map<String, KeyEntry> byKey = new HashMap<>();
                            call.<KeyEntry>list().forEach(entry -> byKey.put(entry.key(), entry));
                            List<KeyEntry> each = new ArrayList<>();
                            call.argument(Collection.class)
                                    .forEach(key ->
                                            Optional.ofNullable(byKey.get(key)).ifPresent(each::add));
                            return each;
                        })),
                of(
                        "deletions-always-succeed",
                        "Deleting a key that does not exist says that it did.",
                        "K1 K2",
                        receipt((mutation, result) ->
                                mutation instanceof DeleteKey ? new MutationResult.Removed(1) : result)),
                of(
                        "skips-unsaid",
                        "A put that was skipped says that it wrote.",
                        "K1 G5",
                        receipt((mutation, result) ->
                                mutation instanceof PutKey && result instanceof MutationResult.Skipped
                                        ? new MutationResult.Written(1)
                                        : result)),
                of(
                        "put-if-absent-without-lock",
                        "Whether a key is absent is looked up before, not within, the commit.",
                        "K1 G13",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof PutKey put
                                                && put.condition().kind()
                                                        == io.contextdb.spi.write.Condition.Kind.ABSENT
                                                && current(call, put.key()).isEmpty()
                                        ? call.late()
                                                .rewriting(
                                                        PutKey.class,
                                                        p -> p.onlyIf(io.contextdb.spi.write.Condition.none()))
                                                .proceed()
                                        : call.proceed())));
    }

    private static List<Defect> versions() {
        return List.of(
                remembering(
                        "key-versions-restart",
                        "The versions of a key start over when it was deleted.",
                        "K1 G8",
                        () -> {
                            Map<String, Long> bases = new ConcurrentHashMap<>();
                            return call -> {
                                if (call.is("apply")) {
                                    NamespaceName name = call.batch().namespace();
                                    for (Mutation mutation : call.batch().mutations()) {
                                        if (mutation instanceof DeleteKey delete) {
                                            current(call, delete.key())
                                                    .forEach(entry ->
                                                            bases.put(name + " " + delete.key(), entry.version()));
                                        }
                                    }
                                    return receipt((mutation, result) -> mutation instanceof PutKey put
                                                            && result instanceof MutationResult.Written done
                                                    ? new MutationResult.Written(Math.max(
                                                            1,
                                                            done.version()
                                                                    - bases.getOrDefault(name + " " + put.key(), 0L)))
                                                    : result)
                                            .answer(call);
                                }
                                return call.is("keys.get") || call.is("keys.scan")
                                        ? Rewriting.within(
                                                call.proceed(),
                                                KeyEntry.class,
                                                entry -> Rewriting.entry(
                                                        entry,
                                                        entry.key(),
                                                        entry.value(),
                                                        Math.max(
                                                                1,
                                                                entry.version()
                                                                        - bases.getOrDefault(
                                                                                call.scope()
                                                                                                .namespace() + " "
                                                                                        + entry.key(),
                                                                                0L))))
                                        : call.proceed();
                            };
                        }),
                of(
                        "key-versions-constant",
                        "Every key has version 1.",
                        "K1 G8",
                        seen(KeyEntry.class, entry -> Rewriting.entry(entry, entry.key(), entry.value(), 1))
                                .and(receipt((mutation, result) ->
                                        mutation instanceof PutKey && result instanceof MutationResult.Written
                                                ? new MutationResult.Written(1)
                                                : result))),
                of(
                        "unchanged-value-keeps-the-version",
                        "Putting the value that a key has does not raise its version.",
                        "G8 K1",
                        in("apply", call -> {
                            if (call.batch().mutations().size() == 1
                                    && call.batch().mutations().get(0) instanceof PutKey put
                                    && put.condition().kind() == io.contextdb.spi.write.Condition.Kind.ALWAYS
                                    && put.ttl().isEmpty()) {
                                for (KeyEntry entry : current(call, put.key())) {
                                    if (entry.value().equals(put.value())
                                            && entry.expiresAt().isEmpty()) {
                                        return pretended(call, new MutationResult.Written(entry.version()));
                                    }
                                }
                            }
                            return call.proceed();
                        })),
                of(
                        "compare-and-set-takes-newer",
                        "A version to compare with may be older than the current one.",
                        "K1",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                PutKey.class,
                                                put -> put.condition().kind()
                                                                == io.contextdb.spi.write.Condition.Kind.VERSION
                                                        ? current(call, put.key()).stream()
                                                                .filter(entry -> entry.version()
                                                                        > put.condition()
                                                                                .version())
                                                                .findFirst()
                                                                .map(entry -> put.onlyIf(
                                                                        io.contextdb.spi.write.Condition.none()))
                                                                .orElse(put)
                                                        : put)
                                        .proceed())),
                of(
                        "compare-and-set-creates",
                        "A version to compare with is not looked at where the key is absent.",
                        "K1",
                        in(
                                "apply",
                                call -> call.rewriting(
                                                PutKey.class,
                                                put -> put.condition().kind()
                                                                        == io.contextdb.spi.write.Condition.Kind.VERSION
                                                                && current(call, put.key())
                                                                        .isEmpty()
                                                        ? put.onlyIf(io.contextdb.spi.write.Condition.none())
                                                        : put)
                                        .proceed())));
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
                                            .statistics(NodeDefects.scope(call))
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
                                            return pretended(call, new MutationResult.Skipped(1));
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

    private static List<Defect> counters() {
        return List.of(
                remembering(
                        "increments-lost",
                        "Counters are read, raised and written back without a lock.",
                        "K3 G13",
                        () -> {
                            AtomicInteger running = new AtomicInteger();
                            return in("apply", call -> {
                                if (!(call.batch().mutations().get(0) instanceof Increment add)) {
                                    return call.proceed();
                                }
                                try {
                                    return running.incrementAndGet() == 1
                                            ? call.late().proceed()
                                            : pretended(call, new MutationResult.Counter(add.delta(), 1));
                                } finally {
                                    running.decrementAndGet();
                                }
                            });
                        }),
                of(
                        "increment-returns-the-old",
                        "An increment returns the value before it.",
                        "K3",
                        receipt((mutation, result) ->
                                mutation instanceof Increment add && result instanceof MutationResult.Counter counter
                                        ? new MutationResult.Counter(counter.value() - add.delta(), counter.version())
                                        : result)),
                of(
                        "counters-through-doubles",
                        "Counters are kept as floats, and lose their last bits beyond 2^53.",
                        "K3",
                        receipt((mutation, result) -> result instanceof MutationResult.Counter counter
                                ? new MutationResult.Counter((long) (double) counter.value(), counter.version())
                                : result)),
                of(
                        "counters-of-32-bits",
                        "Increments are added with 32 bits.",
                        "K3",
                        replaced(Increment.class, add -> new Increment(add.key(), (int) add.delta()))),
                of(
                        "overflow-wraps",
                        "A counter that overflows wraps around.",
                        "K3",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("increment.delta"),
                                call -> pretended(call, new MutationResult.Counter(Long.MIN_VALUE, 2)))),
                of(
                        "texts-counted-from-zero",
                        "Incrementing a value that is no number starts from 0.",
                        "K3",
                        quiet(
                                "apply",
                                InvalidRequestException.class,
                                failed -> failed.field().equals("increment.key"),
                                call -> pretended(call, new MutationResult.Counter(1, 2)))),
                of(
                        "counters-in-binary",
                        "Counters are stored in binary, not in decimal.",
                        "K3",
                        in(
                                "keys.get",
                                call -> Rewriting.within(
                                        call.proceed(),
                                        KeyEntry.class,
                                        entry -> entry.key().startsWith("count")
                                                ? Rewriting.entry(
                                                        entry, entry.key(), Bytes.of(new byte[8]), entry.version())
                                                : entry))));
    }

    private static Fault permits(Function<Permits, Permits> change) {
        return receipt((mutation, result) -> result instanceof Permits permits ? change.apply(permits) : result);
    }

    private static List<Defect> limiters() {
        return List.of(
                of(
                        "limiter-off-by-one",
                        "A limiter gives one permit more than its limit.",
                        "K4",
                        replaced(
                                Acquire.class,
                                acquire -> new Acquire(
                                        acquire.key(),
                                        acquire.permits(),
                                        Math.min(1_000_000, acquire.limit() + 1),
                                        acquire.window()))),
                of(
                        "limiter-counts-calls",
                        "A limiter counts calls, not permits.",
                        "K4",
                        replaced(
                                Acquire.class,
                                acquire -> new Acquire(acquire.key(), 1, acquire.limit(), acquire.window()))),
                of(
                        "limiter-shared-by-keys",
                        "All keys share one limiter.",
                        "K4",
                        replaced(
                                Acquire.class,
                                acquire -> new Acquire("all", acquire.permits(), acquire.limit(), acquire.window()))),
                remembering(
                        "limiter-of-fixed-windows",
                        "A limiter starts over at each full window of the clock.",
                        "K4",
                        () -> {
                            Map<String, AtomicInteger> used = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                if (!(call.batch().mutations().get(0) instanceof Acquire acquire)) {
                                    return call.proceed();
                                }
                                long window = acquire.window().toMillis();
                                long now = System.currentTimeMillis();
                                AtomicInteger count = used.computeIfAbsent(
                                        call.batch().namespace() + acquire.key() + now / window,
                                        key -> new AtomicInteger());
                                int before = count.getAndUpdate(
                                        n -> n + acquire.permits() <= acquire.limit() ? n + acquire.permits() : n);
                                boolean allowed = before + acquire.permits() <= acquire.limit();
                                return pretended(
                                        call,
                                        new Permits(
                                                allowed,
                                                acquire.limit() - before - (allowed ? acquire.permits() : 0),
                                                allowed ? Duration.ZERO : Duration.ofMillis(window - now % window)));
                            });
                        }),
                remembering("limiter-refusals-consume", "A refusal takes the permits that were left.", "K4", () -> {
                    Map<String, Boolean> refused = new ConcurrentHashMap<>();
                    return in("apply", call -> {
                        WriteReceipt done = call.receipt();
                        if (!(call.batch().mutations().get(0) instanceof Acquire acquire)
                                || !(done.results().get(0) instanceof Permits permits)) {
                            return done;
                        }
                        String key = call.batch().namespace() + acquire.key();
                        if (!permits.allowed()) {
                            refused.put(key, true);
                        }
                        return refused.containsKey(key)
                                ? pretended(call, new Permits(false, 0, acquire.window()))
                                : done;
                    });
                }),
                of(
                        "limiter-remaining-before",
                        "The permits that remain are those before the call.",
                        "K4",
                        receipt((mutation, result) -> result instanceof Permits permits
                                        && permits.allowed()
                                        && mutation instanceof Acquire acquire
                                ? new Permits(true, permits.remaining() + acquire.permits(), Duration.ZERO)
                                : result)),
                of(
                        "limiter-retry-at-once",
                        "A refusal says that it is worth asking again at once.",
                        "K4",
                        permits(permits -> new Permits(permits.allowed(), permits.remaining(), Duration.ZERO))),
                of(
                        "limiter-window-in-seconds",
                        "Windows below a second do not end for a minute.",
                        "K4",
                        replaced(
                                Acquire.class,
                                acquire -> acquire.window().toMillis() < 200
                                        ? new Acquire(
                                                acquire.key(),
                                                acquire.permits(),
                                                acquire.limit(),
                                                Duration.ofMinutes(1))
                                        : acquire)),
                remembering(
                        "limiter-without-lock",
                        "A limiter counts the permits before, not within, the commit.",
                        "K4 G13",
                        () -> {
                            Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
                            return in("apply", call -> {
                                if (!(call.batch().mutations().get(0) instanceof Acquire acquire)) {
                                    return call.proceed();
                                }
                                AtomicInteger others = running.computeIfAbsent(
                                        call.batch().namespace() + acquire.key(), key -> new AtomicInteger());
                                try {
                                    return others.incrementAndGet() == 1
                                            ? call.late().proceed()
                                            : pretended(call, new Permits(true, 0, Duration.ZERO));
                                } finally {
                                    others.decrementAndGet();
                                }
                            });
                        }));
    }
}
