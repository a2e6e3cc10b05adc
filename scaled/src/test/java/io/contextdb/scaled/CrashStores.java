package io.contextdb.scaled;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The three stores of a crash test, and what can happen to them. */
final class CrashStores implements AutoCloseable {
    private static final int LONGEST_LOSS = 800;
    private static final int LONGEST_REST = 800;

    private final Random random;
    private final OwnPostgresql postgresql;
    private final OwnServer redis;
    private final OwnServer qdrant;
    private final String url;
    private final List<Instant> redisKills = new ArrayList<>();
    private long lostBytes;

    CrashStores(Random random) {
        this.random = random;
        this.postgresql = new OwnPostgresql("scaled-crash");
        this.redis = OwnServer.redis();
        this.qdrant = OwnServer.qdrant();
        this.url = Servers.url("crash", postgresql.url(), redis.url(), qdrant.url());
    }

    String url() {
        return url;
    }

    void crashPostgresql() {
        postgresql.kill();
        rest();
        postgresql.start();
    }

    void crashQdrant() {
        qdrant.kill();
        rest();
        qdrant.start();
    }

    void crashRedis() {
        killRedis();
        rest();
        redis.start();
    }

    /** What Redis answered last is gone after its restart. */
    void crashRedisWithLoss() {
        long kept = RedisLog.length(redis.directory());
        Eventually.pause(Duration.ofMillis(random.nextInt(LONGEST_LOSS)));
        killRedis();
        lostBytes += RedisLog.cut(redis.directory(), kept);
        rest();
        redis.start();
    }

    private void killRedis() {
        redisKills.add(Instant.now());
        redis.kill();
    }

    private void rest() {
        Eventually.pause(Duration.ofMillis(random.nextInt(LONGEST_REST)));
    }

    /** Returns whether what Redis alone answered at a time may be gone: it may keep 2 s of writes in its process, and some were cut off. */
    boolean mayHaveLost(Instant at) {
        return redisKills.stream()
                .anyMatch(kill -> at.isBefore(kill.plusSeconds(1))
                        && at.isAfter(kill.minusSeconds(3).minusMillis(LONGEST_LOSS)));
    }

    /** Returns how much was cut off in all. */
    long lostBytes() {
        return lostBytes;
    }

    @Override
    public void close() {
        qdrant.close();
        redis.close();
        postgresql.close();
    }
}
