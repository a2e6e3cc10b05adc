package io.contextdb.tck.differential;

import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import java.time.Duration;
import java.util.List;

/** Keys with versions, counters, expiry in hours, and limiters of a window that outlasts the script. */
final class KeyModel implements Model {
    private static final List<String> KEYS =
            List.of("a", "a/b", "a0", "A", "%", "_", "é", "e\u0301", "😀", "\uffff", "counter", "it's \"\\");
    private static final List<String> PREFIXES = List.of("", "a", "a/", "%", "_", "e", "é", "😀", "counter", "zz");
    private static final List<Bytes> VALUES = List.of(
            Bytes.EMPTY,
            Bytes.utf8("0"),
            Bytes.utf8("-7"),
            Bytes.utf8("007"),
            Bytes.utf8(" 1"),
            Bytes.utf8("9223372036854775807"),
            Bytes.utf8("text"),
            Bytes.of(new byte[] {0, -1, 127, -128}));
    private static final List<Duration> TTLS = List.of(Duration.ofHours(2), Duration.ofHours(5));

    private final Pool pool;
    private final boolean limits;

    KeyModel(Pool pool, boolean limits) {
        this.pool = pool;
        this.limits = limits;
    }

    @Override
    public List<Symbol<Mutation>> opening() {
        return KEYS.subList(0, 5).stream().map(this::put).toList();
    }

    @Override
    public Symbol<Mutation> mutation() {
        String key = pool.one(KEYS);
        return switch (pool.below(limits ? 10 : 9)) {
            case 0, 1, 2, 3 -> put(key);
            case 4, 5 -> {
                Symbol<Condition> condition = pool.condition(Write.key(key));
                yield Symbol.of(
                        side -> new KeyMutation.DeleteKey(key, condition.on(side)),
                        side -> "new KeyMutation.DeleteKey(" + JavaText.of(key) + ", " + condition.java(side) + ")");
            }
            case 6, 7 -> {
                String counter = pool.oneIn(3) ? key : "counter";
                long delta = pool.one(List.of(1L, -1L, 0L, 10L, Long.MAX_VALUE));
                yield Symbol.of(
                        side -> new KeyMutation.Increment(counter, delta),
                        side -> "new KeyMutation.Increment(" + JavaText.arguments(counter, delta) + ")");
            }
            case 8 -> {
                Duration ttl = pool.one(TTLS);
                yield Symbol.of(
                        side -> new KeyMutation.Expire(key, ttl),
                        side -> "new KeyMutation.Expire(" + JavaText.arguments(key, ttl) + ")");
            }
            default -> {
                int permits = 1 + pool.below(3);
                yield Symbol.of(
                        side -> new KeyMutation.Acquire(key, permits, 5, Duration.ofDays(1)),
                        side -> "new KeyMutation.Acquire(" + JavaText.arguments(key, permits, 5, Duration.ofDays(1))
                                + ")");
            }
        };
    }

    private Symbol<Mutation> put(String key) {
        Bytes value = pool.one(VALUES);
        KeyMutation.PutKey put = KeyMutation.PutKey.of(key, value);
        String java = "KeyMutation.PutKey.of(" + JavaText.arguments(key, value) + ")";
        if (pool.oneIn(3)) {
            Duration ttl = pool.one(TTLS);
            put = put.expiringAfter(ttl);
            java += ".expiringAfter(" + JavaText.of(ttl) + ")";
        }
        if (pool.oneIn(2)) {
            String subject = pool.one(Pool.SUBJECTS);
            put = put.about(subject);
            java += ".about(" + JavaText.of(subject) + ")";
        }
        Symbol<Condition> condition = pool.condition(Write.key(key));
        KeyMutation.PutKey made = put;
        String text = java;
        return Symbol.of(
                side -> made.onlyIf(condition.on(side)), side -> text + ".onlyIf(" + condition.java(side) + ")");
    }

    /** Returns the put of a key that is gone at once. */
    Symbol<Mutation> putExpiring() {
        String key = pool.one(KEYS);
        KeyMutation.PutKey put = KeyMutation.PutKey.of(key, Bytes.utf8("1")).expiringAfter(Duration.ofMillis(1));
        return Symbol.of(
                side -> put,
                side -> "KeyMutation.PutKey.of(" + JavaText.arguments(key, Bytes.utf8("1"))
                        + ").expiringAfter(Duration.ofMillis(1))");
    }

    @Override
    public Action read() {
        List<String> keys = pool.some(KEYS);
        String prefix = pool.one(PREFIXES);
        return pool.oneIn(2)
                ? new Read(
                        side -> "keys().get(" + JavaText.of(keys) + ")",
                        side -> side.view().all(side.namespace().keys().get(keys), side.view()::key))
                : new Read(
                        side -> "keys().scan(" + JavaText.of(prefix) + ").toList()",
                        side -> side.view().all(side.namespace().keys().scan(prefix), side.view()::key));
    }
}
