package io.contextdb.scaled;

import io.contextdb.ContextConnection;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.value.UuidV7;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * A thread that writes through one driver and searches through all. What ended unknown it repeats under the same operation id until it
 * knows; now and then it repeats what was acknowledged, which must change nothing.
 */
final class LoadWorker {
    /** The deadline of calls that may fail. */
    static final Duration SHORT = Duration.ofSeconds(1);
    /** The deadline of calls that must not, however busy the machine is. */
    static final Duration LONG = Duration.ofSeconds(20);

    private static final Duration BETWEEN = Duration.ofMillis(5);

    private final String name;
    private final List<CrashOperation.Kind> kinds;
    private final ContextConnection own;
    private final List<ContextConnection> all;
    private final StoreFault fault;
    private final BooleanSupplier troubled;
    private final LoadNotes notes;
    private final Random random;
    private final List<Sent> acknowledged = new ArrayList<>();
    private final List<Sent> unknown = new ArrayList<>();
    /** What was written, and may be removed. */
    private final List<CrashOperation> removable = new ArrayList<>();

    /** An operation and the id that it was sent under. */
    private record Sent(CrashOperation operation, UUID id) {}

    /** Creates it; {@code troubled} says whether calls that need the store may fail at present. */
    LoadWorker(
            List<CrashOperation.Kind> kinds,
            int driver,
            List<ContextConnection> all,
            StoreFault fault,
            BooleanSupplier troubled,
            LoadNotes notes,
            long seed) {
        this.kinds = kinds;
        this.name = Integer.toString(driver);
        this.own = all.get(driver);
        this.all = all;
        this.fault = fault;
        this.troubled = troubled;
        this.notes = notes;
        this.random = new Random(seed);
    }

    /** Writes or repeats once, and searches what came of it. */
    void step() {
        int dice = random.nextInt(100);
        if (dice < 10 && !unknown.isEmpty()) {
            send(unknown.remove(random.nextInt(unknown.size())), false);
        } else if (dice < 20 && !acknowledged.isEmpty()) {
            repeat(acknowledged.get(random.nextInt(acknowledged.size())));
        } else {
            CrashOperation operation = next();
            notes.begin(operation);
            send(new Sent(operation, operation.kind().removes() ? UuidV7.next() : operation.id()), true);
        }
        Eventually.pause(BETWEEN);
    }

    /** Finds out what became of everything. */
    void resolve(Duration limit) {
        Eventually.become("what became of all operations is known", limit, () -> {
            List<Sent> some = List.copyOf(unknown);
            unknown.clear();
            some.forEach(sent -> send(sent, false));
            return unknown.isEmpty();
        });
    }

    private CrashOperation next() {
        CrashOperation.Kind kind = kinds.get(random.nextInt(kinds.size()));
        if (kind.removes() && !removable.isEmpty()) {
            return new CrashOperation(
                    kind, removable.remove(random.nextInt(removable.size())).id());
        }
        return new CrashOperation(kind.removes() ? kinds.get(0) : kind, UuidV7.next());
    }

    private void send(Sent sent, boolean first) {
        CrashOperation operation = sent.operation();
        Instant from = Instant.now();
        boolean mayFail = mayFail(operation);
        try {
            operation.apply(own.withTimeout(mayFail ? SHORT : LONG), sent.id());
            notes.succeeded(named(operation.kind().name()), from, mayFail);
            notes.done(operation);
            acknowledged.add(sent);
            if (operation.kind().putsPoint()) {
                removable.add(operation);
                requireFound(operation, true);
            } else if (operation.kind().removes()) {
                requireFound(operation, false);
            }
        } catch (PreconditionFailedException refused) {
            notes.refused(operation);
        } catch (ContextTransientException failed) {
            notes.failed(named(operation.kind().name()), from, mayFail, failed);
            // That nothing was applied is believed now and then, and looked at in the end.
            if (first && failed.outcome() == Outcome.NOT_APPLIED && random.nextBoolean()) {
                notes.refused(operation);
            } else {
                unknown.add(sent);
            }
        } catch (RuntimeException broken) {
            notes.wrong(operation + " fails as nothing should: " + broken);
        }
    }

    /** A repeat is answered as before, whatever has happened since to what was written. */
    private void repeat(Sent sent) {
        Instant from = Instant.now();
        boolean mayFail = mayFail(sent.operation());
        String what = named(sent.operation().kind().name());
        try {
            sent.operation().apply(own.withTimeout(mayFail ? SHORT : LONG), sent.id());
            notes.succeeded(what, from, mayFail);
        } catch (ContextTransientException failed) {
            notes.failed(what, from, mayFail, failed);
        } catch (RuntimeException broken) {
            notes.wrong(sent.operation() + " was acknowledged, and fails when it is repeated: " + broken);
        }
    }

    private boolean mayFail(CrashOperation operation) {
        return troubled.getAsBoolean() && fault.mayFail(operation);
    }

    private String named(String what) {
        return what + " through " + name;
    }

    /** A search, through any driver, sees what has been acknowledged. */
    private void requireFound(CrashOperation operation, boolean there) {
        ContextConnection connection = all.get(random.nextInt(all.size()));
        String what = "SEARCH through " + all.indexOf(connection);
        Instant from = Instant.now();
        boolean mayFail = troubled.getAsBoolean() && fault.searchesMayFail();
        try {
            CrashSearch search = CrashSearch.run(connection.withTimeout(mayFail ? SHORT : LONG), operation);
            notes.succeeded(what, from, mayFail);
            search.hits().forEach(hit -> notes.found(hit, from));
            search.wrong(there).ifPresent(wrong -> notes.wrong(what + ": " + wrong + ": " + operation));
        } catch (ContextTransientException failed) {
            notes.failed(what, from, mayFail, failed);
        } catch (RuntimeException broken) {
            notes.wrong(what + " fails as nothing should: " + broken);
        }
    }
}
