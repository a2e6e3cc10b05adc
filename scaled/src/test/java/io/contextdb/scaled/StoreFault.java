package io.contextdb.scaled;

import io.contextdb.scaled.FaultyStores.Store;
import io.contextdb.spi.Health;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.tck.fault.Fault;
import io.contextdb.tck.fault.Fault.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What happens to a store for a while.
 *
 * @param store which store
 * @param name what happens to it
 * @param severity what it does to what needs the store
 * @param begin makes it
 * @param again is called now and then while it lasts
 * @param end ends it
 */
record StoreFault(
        Store store,
        String name,
        Severity severity,
        Consumer<FaultyStores> begin,
        Consumer<FaultyStores> again,
        Consumer<FaultyStores> end) {
    private static final Duration SLOW = Duration.ofMillis(50);
    private static final int BYTES_PER_SECOND = 20_000;
    private static final Duration GONE = Duration.ofMillis(300);

    /** What a fault does to what needs the store. */
    enum Severity {
        /** Nothing that anybody notices. */
        UNNOTICED,
        /** It may fail while the fault lasts, but some of it works. */
        DISTURBS,
        /** It may be refused as too much while the fault lasts, but some of it works. */
        THROTTLES,
        /** It may fail while the fault lasts, and health tells of it. */
        FAILS,
        /** It may fail, and what the store alone acknowledged since the fault began may be gone afterwards. */
        LOSES_LAST,
        /** It may fail, and all that the store alone acknowledged may be gone afterwards. */
        LOSES_ALL
    }

    private StoreFault(Store store, String name, Consumer<FaultyStores> begin, Consumer<FaultyStores> end) {
        this(store, name, Severity.FAILS, begin, stores -> {}, end);
    }

    /** Returns all of them. */
    static List<StoreFault> all() {
        List<StoreFault> all = new ArrayList<>();
        for (Store store : Store.values()) {
            all.addAll(ofNetwork(store));
            all.addAll(ofProcess(store));
        }
        all.addAll(ofRedis());
        all.addAll(ofQdrant());
        all.add(longTransaction());
        return all;
    }

    private static StoreFault longTransaction() {
        LongTransaction transaction = new LongTransaction();
        return new StoreFault(
                Store.POSTGRESQL,
                "has a transaction that stays open",
                Severity.UNNOTICED,
                stores -> transaction.begin(stores.postgresql.url()),
                stores -> {},
                stores -> transaction.end());
    }

    private static StoreFault network(Store store, String name, Severity severity, Fault fault) {
        return new StoreFault(
                store, name, severity, stores -> stores.make(store, fault), stores -> {}, stores -> stores.heal(store));
    }

    /** A fault that is made anew again and again, with connections that live in between. */
    private static StoreFault repeated(Store store, String name, Fault... faults) {
        Consumer<FaultyStores> once = stores -> {
            for (Fault fault : faults) {
                stores.make(store, fault);
                Eventually.pause(SLOW);
            }
            stores.heal(store);
        };
        return new StoreFault(store, name, Severity.DISTURBS, once, once, stores -> stores.heal(store));
    }

    private static List<StoreFault> ofNetwork(Store store) {
        return List.of(
                network(store, "nothing passes", Severity.FAILS, new Fault.BlackHole()),
                network(store, "connections are refused", Severity.FAILS, new Fault.Refuse()),
                repeated(store, "connections are reset", new Fault.Reset()),
                repeated(
                        store,
                        "an answer is cut off",
                        new Fault.CutAfter(Direction.TO_DRIVER, 7),
                        new Fault.CutAfter(Direction.TO_DRIVER, 150)),
                repeated(
                        store,
                        "what was done is not answered",
                        new Fault.OneWay(Direction.TO_STORE),
                        new Fault.OneWay(Direction.TO_STORE),
                        new Fault.Reset()),
                network(store, "everything comes late", Severity.DISTURBS, new Fault.Latency(SLOW, SLOW)),
                network(store, "everything is slow", Severity.DISTURBS, new Fault.Bandwidth(BYTES_PER_SECOND)),
                new StoreFault(
                        store,
                        "one driver does not reach it",
                        stores -> stores.make(store, 1, new Fault.Refuse()),
                        stores -> stores.heal(store)));
    }

    private static List<StoreFault> ofProcess(Store store) {
        return switch (store) {
            case POSTGRESQL ->
                List.of(
                        new StoreFault(
                                store,
                                "is killed",
                                stores -> stores.postgresql.kill(),
                                stores -> stores.postgresql.start()),
                        new StoreFault(
                                store,
                                "stands still",
                                stores -> stores.postgresql.stall(),
                                stores -> stores.postgresql.resume()));
            case REDIS -> ofProcess(store, stores -> stores.redis);
            case QDRANT -> ofProcess(store, stores -> stores.qdrant);
        };
    }

    private static List<StoreFault> ofProcess(Store store, Function<FaultyStores, OwnServer> server) {
        return List.of(
                new StoreFault(
                        store,
                        "is killed",
                        stores -> server.apply(stores).kill(),
                        stores -> server.apply(stores).start()),
                new StoreFault(
                        store,
                        "stands still",
                        stores -> server.apply(stores).stall(),
                        stores -> server.apply(stores).resume()));
    }

    private static List<StoreFault> ofRedis() {
        return List.of(
                new StoreFault(
                        Store.REDIS,
                        "loses what it wrote last",
                        Severity.LOSES_LAST,
                        stores -> {
                            long kept = RedisLog.length(stores.redis.directory());
                            Eventually.pause(GONE);
                            stores.redis.kill();
                            RedisLog.cut(stores.redis.directory(), kept);
                        },
                        stores -> {},
                        stores -> stores.redis.start()),
                new StoreFault(
                        Store.REDIS,
                        "is replaced by an empty one",
                        Severity.LOSES_ALL,
                        stores -> {
                            stores.redis.kill();
                            stores.redis.empty();
                        },
                        stores -> {},
                        stores -> stores.redis.start()),
                new StoreFault(
                        Store.REDIS,
                        "takes no writes, as a replica",
                        Severity.DISTURBS,
                        stores -> RedisCommand.send(stores.redis.url(), "REPLICAOF", "127.0.0.1", "1"),
                        stores -> {},
                        stores -> RedisCommand.send(stores.redis.url(), "REPLICAOF", "NO", "ONE")),
                new StoreFault(
                        Store.REDIS,
                        "takes no writes, as its memory is full",
                        Severity.THROTTLES,
                        stores -> RedisCommand.send(stores.redis.url(), "CONFIG", "SET", "maxmemory", "1"),
                        stores -> {},
                        stores -> RedisCommand.send(stores.redis.url(), "CONFIG", "SET", "maxmemory", "0")));
    }

    private static List<StoreFault> ofQdrant() {
        return List.of(
                new StoreFault(
                        Store.QDRANT,
                        "is replaced by an empty one",
                        stores -> {
                            stores.qdrant.kill();
                            stores.qdrant.empty();
                        },
                        stores -> stores.qdrant.start()),
                new StoreFault(
                        Store.QDRANT,
                        "is restored from a backup",
                        stores -> {
                            stores.qdrant.kill();
                            stores.qdrant.backUp();
                            stores.qdrant.start();
                            Eventually.pause(GONE);
                            stores.qdrant.kill();
                            stores.qdrant.restore();
                        },
                        stores -> stores.qdrant.start()));
    }

    /** Whether operations of a kind may fail while it lasts: those that need the store. What needs only Qdrant needs nothing. */
    boolean mayFail(CrashOperation operation) {
        if (severity == Severity.UNNOTICED) {
            return false;
        }
        return switch (store) {
            case QDRANT -> false;
            case REDIS -> operation.kind().isOfHome() || operation.kind().isOfAll();
            // Where a batch of several stores is in the middle, nobody but PostgreSQL knows what becomes of it.
            case POSTGRESQL -> !operation.namespace().equals(CrashOperation.HOME_ALONE);
        };
    }

    /** Returns how calls fail that may. */
    Set<ErrorCode> failures() {
        return severity == Severity.THROTTLES
                ? EnumSet.of(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT, ErrorCode.THROTTLED)
                : EnumSet.of(ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT);
    }

    /** Whether what a home alone acknowledged at an instant may be gone, when the fault lasted from one instant to another. */
    boolean mayLose(Instant at, Instant from, Instant to) {
        return switch (severity) {
            case UNNOTICED, DISTURBS, THROTTLES, FAILS -> false;
            case LOSES_LAST -> at.isAfter(from) && at.isBefore(to);
            case LOSES_ALL -> at.isBefore(to);
        };
    }

    /** Returns what health says while it lasts, of a driver that does not reach the store; empty if it need not tell of it. */
    Optional<Health.Status> health() {
        return switch (severity) {
            case UNNOTICED, DISTURBS, THROTTLES -> Optional.empty();
            case FAILS, LOSES_LAST, LOSES_ALL ->
                Optional.of(store == Store.QDRANT ? Health.Status.DEGRADED : Health.Status.DOWN);
        };
    }

    /** Whether searches may fail while it lasts. */
    boolean searchesMayFail() {
        return store == Store.POSTGRESQL && severity != Severity.UNNOTICED;
    }

    @Override
    public String toString() {
        return store + " " + name;
    }
}
