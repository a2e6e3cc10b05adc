package io.contextdb.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.value.UuidV7;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** The process that is killed: writes and searches from several threads for ever, whatever fails. Arguments: URL, log, seed. */
public final class CrashWriter {
    private static final int THREADS = 3;
    private static final int MOST_ATTEMPTS = 10;
    private static final Duration BEFORE_REPEATING = Duration.ofMillis(50);

    private final ContextConnection connection;
    private final CrashLog log;
    private final Random random;
    /** Points that were acknowledged and not deleted yet. */
    private final List<UUID> points = new ArrayList<>();

    private CrashWriter(ContextConnection connection, CrashLog log, long seed) {
        this.connection = connection;
        this.log = log;
        this.random = new Random(seed);
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long seed = Long.parseLong(arguments[2]);
        List<Thread> threads = new ArrayList<>();
        try (CrashLog log = new CrashLog(Path.of(arguments[1]));
                ContextConnection connection = connect(arguments[0])) {
            for (int i = 0; i < THREADS; i++) {
                CrashWriter writer = new CrashWriter(connection, log, seed + i);
                threads.add(Thread.ofPlatform().name("crash-writer-" + i).start(writer::run));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** A store may be down just now, which is an error at connect. */
    private static ContextConnection connect(String url) {
        while (true) {
            try {
                return ContextDriverManager.getConnection(url);
            } catch (ContextTransientException down) {
                Eventually.pause(BEFORE_REPEATING);
            }
        }
    }

    private void run() {
        while (true) {
            CrashOperation operation = next();
            log.note(CrashLog.Stage.BEGUN, operation);
            apply(operation, operation.kind().removes() ? UuidV7.next() : operation.id());
        }
    }

    private CrashOperation next() {
        int dice = random.nextInt(100);
        if (dice < 10 && !points.isEmpty()) {
            return new CrashOperation(CrashOperation.Kind.DELETE, points.remove(random.nextInt(points.size())));
        }
        CrashOperation.Kind kind =
                dice < 30 ? CrashOperation.Kind.POINT : dice < 45 ? CrashOperation.Kind.KEY : CrashOperation.Kind.WHOLE;
        return new CrashOperation(kind, UuidV7.next());
    }

    /** Whoever put a point finds it, whoever deleted it does not, whichever store was killed. */
    private void search(CrashOperation operation) {
        if (!operation.kind().putsPoint() && !operation.kind().removes()) {
            return;
        }
        Instant from = Instant.now();
        CrashSearch search;
        try {
            search = CrashSearch.run(connection, operation);
        } catch (ContextTransientException down) {
            return;
        }
        search.hits().forEach(hit -> log.note(new CrashLog.Entry(CrashLog.Stage.FOUND, hit, from)));
        search.wrong(operation.kind().putsPoint()).ifPresent(wrong -> {
            System.err.println(CrashLog.Stage.BROKEN + " " + operation + ": " + wrong);
            log.note(CrashLog.Stage.BROKEN, operation);
        });
    }

    /** Some repeat what failed, as they may; others leave it unknown. */
    private void apply(CrashOperation operation, UUID operationId) {
        int attempts = random.nextBoolean() ? 1 : MOST_ATTEMPTS;
        for (int i = 0; i < attempts; i++) {
            try {
                operation.apply(connection, operationId);
                log.note(CrashLog.Stage.DONE, operation);
                if (operation.kind().putsPoint()) {
                    points.add(operation.id());
                }
                search(operation);
                return;
            } catch (PreconditionFailedException refused) {
                log.note(CrashLog.Stage.REFUSED, operation);
                return;
            } catch (ContextTransientException failed) {
                Eventually.pause(BEFORE_REPEATING);
            } catch (RuntimeException broken) {
                System.err.println(CrashLog.Stage.BROKEN + " " + operation + ": " + broken);
                broken.printStackTrace();
                log.note(CrashLog.Stage.BROKEN, operation);
                return;
            }
        }
    }
}
