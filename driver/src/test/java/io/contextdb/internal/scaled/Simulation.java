package io.contextdb.internal.scaled;

import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextNonTransientException;
import io.contextdb.spi.journal.Journal;
import io.contextdb.spi.journal.PointState;
import io.contextdb.spi.journal.Projection;
import io.contextdb.spi.journal.VersionedPoint;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One schedule: two driver processes write, search and relay over a source, a copy and a home, all of which fail; processes are
 * killed in the middle of whatever they do. At the end all is healed, the relays run dry, and what is stored is compared with what
 * was committed and with what was promised.
 */
final class Simulation {
    private static final Supplier<Deadline> CALLS = () -> Deadline.after(Duration.ofHours(1));
    private static final List<NamespaceName> NAMESPACES = List.of(NamespaceName.of("a"), NamespaceName.of("b"));
    private static final NamespaceName CROSS = NAMESPACES.get(0);
    private static final int POINTS = 3;
    private static final int STEPS = 2_000;
    private static final int LATE = 30;
    private static final Duration AWAY = Duration.ofDays(9);
    private static final Duration REMEMBERED = Duration.ofDays(8);
    private static final int LONGEST_PAUSE = 600;

    private final SimScheduler scheduler;
    private final Random random;
    private final Set<SimFault> faults;
    private final SimSource source;
    private final SimCopy copy;
    private final SimHome simulatedHome;
    private final Journal journal;
    private final Projection projection;
    private final Home home;
    private final SystemKeys keys;
    private final List<List<SimScheduler.Actor>> processes = new ArrayList<>();
    private final Set<UUID> acknowledged = new HashSet<>();
    private final Map<UUID, Long> registered = new HashMap<>();
    private SimScheduler.@Nullable Actor chaosActor;
    private boolean lostCommits;
    private int operations;

    Simulation(long seed, Set<SimFault> faults, SimDefect defect) {
        this.scheduler = new SimScheduler(seed);
        this.random = scheduler.random();
        this.faults = faults;
        this.source = new SimSource(scheduler, NAMESPACES);
        this.copy = new SimCopy(scheduler);
        this.simulatedHome = new SimHome(scheduler);
        this.journal = defect.journal(source);
        source.seenAs(journal);
        this.projection = defect.projection(copy, source, scheduler);
        this.home = new Home("keys", simulatedHome, defect.participant(simulatedHome, source));
        this.keys = new SystemKeys(source);
    }

    /** Runs the schedule; an error says what went wrong. */
    void run() {
        try {
            processes.add(process(0));
            processes.add(process(1));
            source.serve();
            while (!simulatedHome.isServed() && scheduler.steps() < STEPS) {
                scheduler.step();
            }
            source.fail();
            copy.fail();
            simulatedHome.fail();
            chaosActor = scheduler.start("chaos", this::wreak);
            int end = scheduler.steps() + STEPS;
            while (scheduler.steps() < end) {
                scheduler.step();
            }
            settle();
        } finally {
            scheduler.end();
        }
    }

    private List<SimScheduler.Actor> process(int number) {
        Settlement settlement = new Settlement(journal, this::pause);
        Stores stores = new Stores(source, home, null, null);
        CrossWrites cross = new CrossWrites(stores, settlement, this::pause);
        return new ArrayList<>(List.of(
                scheduler.start("writer " + number, () -> write(cross, settlement)),
                scheduler.start("relay " + number, () -> relay(number, settlement)),
                scheduler.start("reader " + number, () -> read(settlement))));
    }

    private void pause(Duration time, Deadline deadline, String reason) {
        scheduler.yield();
    }

    private Relay relay(Following following, Epochs epochs, int number) {
        Lease lease = new Lease(following.name(), "process " + number, keys, scheduler);
        return new Relay(following, journal, epochs, lease, scheduler, CALLS);
    }

    private List<Relay> relays(int number, Settlement settlement) {
        Epochs epochs = new Epochs(journal, keys);
        Copying copying = new Copying(
                "vectors", journal, projection, new DeadLetters("vectors", keys), new Comparison(journal, projection));
        return List.of(
                relay(copying, epochs, number),
                relay(new Finishing(home, journal, settlement, new Lives(keys)), epochs, number));
    }

    private void relay(int number, Settlement settlement) {
        List<Relay> relays = relays(number, settlement);
        while (true) {
            for (Relay relay : relays) {
                try {
                    relay.pass();
                } catch (ContextException failed) {
                    scheduler.yield();
                }
            }
            scheduler.yield();
        }
    }

    private void write(CrossWrites cross, Settlement settlement) {
        while (true) {
            try {
                if (random.nextInt(3) == 0) {
                    writeCross(cross, settlement);
                } else {
                    writePoint();
                }
            } catch (ContextException failed) {
                scheduler.yield();
            }
            // So that relays come to the end of the journal now and then, where what is still open is next.
            for (int rest = random.nextInt(12); rest > 0; rest--) {
                scheduler.yield();
            }
        }
    }

    private UUID operation() {
        return new UUID(0x7000, 0x8000_0000_0000_0000L + ++operations);
    }

    private void writePoint() {
        NamespaceName namespace = NAMESPACES.get(random.nextInt(2));
        UUID id = new UUID(0, random.nextInt(POINTS));
        Mutation mutation = random.nextInt(3) == 0
                ? new VectorMutation.DeletePoint("space", id)
                : new VectorMutation.PutPoint("space", point(id));
        WriteBatch batch = new WriteBatch(namespace, operation(), List.of(mutation));
        journal.apply(batch, Bytes.EMPTY, CALLS.get());
        acknowledged.add(batch.operationId());
    }

    private VectorPoint point(UUID id) {
        return VectorPoint.builder(id).vector(1, 1 + random.nextInt(1_000)).build();
    }

    /** Counts the operation in the home, and appends it to a chain there, if that has not moved since it was read. */
    private void writeCross(CrossWrites cross, Settlement settlement) {
        ReadScope scope = new ReadScope(CROSS, CALLS.get(), CommitToken.NONE);
        long version =
                settlement
                        .call(
                                home,
                                CROSS,
                                CALLS.get(),
                                () -> simulatedHome.keys().get(scope, List.of("chain")))
                        .stream()
                        .findFirst()
                        .map(entry -> entry.version())
                        .orElse(0L);
        Condition unmoved = version == 0 ? Condition.absent() : Condition.version(version);
        UUID operation = operation();
        UUID id = new UUID(1, operations);
        WriteBatch batch = new WriteBatch(
                CROSS,
                operation,
                List.of(
                        new VectorMutation.PutPoint("space", point(id)),
                        new KeyMutation.Increment("count " + operation, 1),
                        KeyMutation.PutKey.of("chain", Bytes.utf8(operation.toString()))
                                .onlyIf(unmoved)));
        registered.put(operation, version);
        apply(cross, batch);
        acknowledged.add(operation);
    }

    /** An answer that was lost is asked for again, as the driver's retry does. */
    private void apply(CrossWrites cross, WriteBatch batch) {
        Split split = Split.of(batch, new Stores(source, home, null, null));
        for (int attempt = 0; ; attempt++) {
            try {
                cross.apply(batch, split, CALLS.get());
                return;
            } catch (ContextNonTransientException refused) {
                throw refused;
            } catch (ContextException failed) {
                if (attempt == 2) {
                    throw failed;
                }
                scheduler.yield();
            }
        }
    }

    private void read(Settlement settlement) {
        Epochs epochs = new Epochs(journal, keys);
        Standing standing = new Standing(projection, epochs, new DeadLetters("vectors", keys), scheduler);
        CopiedVectors vectors = new CopiedVectors(SimReader.of(source), journal, projection, standing);
        while (true) {
            try {
                if (random.nextBoolean()) {
                    search(vectors);
                } else {
                    readBoth(settlement);
                }
            } catch (ContextException failed) {
                scheduler.yield();
            }
        }
    }

    /** What was there all the time must be found; what was not there at any time must not. */
    private void search(VectorReader vectors) {
        NamespaceName namespace = NAMESPACES.get(random.nextInt(2));
        Map<UUID, ?> before = new TreeMap<>(source.points(namespace));
        int commits = source.commits().size();
        int line = source.line();
        ReadScope scope = new ReadScope(namespace, CALLS.get(), CommitToken.NONE);
        List<Hit> hits = vectors.search(scope, List.of(VectorQuery.nearest("space", Vector.of(1, 1), 1_000)))
                .get(0);
        if (source.line() != line) {
            return;
        }
        Set<UUID> found = new HashSet<>();
        hits.forEach(hit -> found.add(hit.point().id()));
        Set<UUID> missed = new HashSet<>(before.keySet());
        missed.removeAll(found);
        found.removeAll(before.keySet());
        Set<UUID> touched = source.touched(namespace, commits);
        missed.removeAll(touched);
        found.removeAll(touched);
        if (!missed.isEmpty() || !found.isEmpty()) {
            throw new AssertionError("a search of " + namespace + " missed " + missed + ", and found " + found
                    + ", which are not there");
        }
    }

    /** Whoever saw the source's part of a batch sees the home's part too. */
    private void readBoth(Settlement settlement) {
        Set<UUID> seen = source.points(CROSS).keySet();
        List<UUID> operationsSeen = seen.stream()
                .filter(id -> id.getMostSignificantBits() == 1)
                .map(id -> new UUID(0x7000, 0x8000_0000_0000_0000L + id.getLeastSignificantBits()))
                .toList();
        if (operationsSeen.isEmpty() || lostCommits) {
            scheduler.yield();
            return;
        }
        UUID operation = operationsSeen.get(random.nextInt(operationsSeen.size()));
        ReadScope scope = new ReadScope(CROSS, CALLS.get(), CommitToken.NONE);
        List<?> found = settlement.call(
                home, CROSS, CALLS.get(), () -> simulatedHomeKeys().get(scope, List.of("count " + operation)));
        // What was seen before a fail-over may be lost since.
        if (found.isEmpty() && !lostCommits) {
            throw new AssertionError("the home's part of " + operation + " was not there when the source's was");
        }
    }

    private io.contextdb.spi.key.KeyReader simulatedHomeKeys() {
        return home.participant() instanceof SimHome real ? real.keys() : simulatedHome.keys();
    }

    private void wreak() {
        while (true) {
            switch (random.nextInt(60)) {
                case 0 -> {
                    int victim = random.nextInt(2);
                    processes.get(victim).forEach(scheduler::kill);
                    processes.set(victim, process(victim));
                }
                case 2 -> {
                    if (faults.contains(SimFault.COPY_CRASHES)) {
                        copy.crash(random.nextInt(6));
                    }
                }
                case 3 -> {
                    if (faults.contains(SimFault.HOME_CRASHES)) {
                        simulatedHome.crash(random.nextInt(4));
                    }
                }
                case 4 -> {
                    if (faults.contains(SimFault.SOURCE_CRASHES)) {
                        source.crash();
                    }
                }
                case 5 -> {
                    if (faults.contains(SimFault.FAILS_OVER)) {
                        source.failOver(random.nextInt(4));
                        lostCommits = true;
                    }
                }
                case 6, 8, 9, 10 -> copy.repeat();
                case 7 -> scheduler.pass(Duration.ofSeconds(7));
                case 11 -> {
                    List<SimScheduler.Actor> process = processes.get(random.nextInt(2));
                    scheduler.pause(process.get(random.nextInt(process.size())), random.nextInt(LONGEST_PAUSE));
                }
                case 12 -> {
                    if (faults.contains(SimFault.ALL_AWAY)) {
                        beAway();
                    }
                }
                default -> {
                    // Nothing this time.
                }
            }
            scheduler.yield();
        }
    }

    /** Nothing is on its way for so long, but what homes are still to be given is not forgotten. */
    private void beAway() {
        processes.forEach(process -> process.forEach(scheduler::kill));
        source.commitAll();
        copy.disconnect();
        scheduler.pass(AWAY);
        source.forget(scheduler.instant().minus(REMEMBERED));
        for (int i = 0; i < processes.size(); i++) {
            processes.set(i, process(i));
        }
    }

    /** Everything heals, writers stop, the relays go on until there is nothing left to do. */
    private void settle() {
        scheduler.kill(Objects.requireNonNull(chaosActor));
        processes.forEach(process -> process.forEach(scheduler::kill));
        source.heal();
        source.commitAll();
        copy.heal();
        simulatedHome.heal();
        boolean[] done = {false};
        scheduler.start("last relay", () -> {
            Settlement settlement = new Settlement(journal, this::pause);
            List<Relay> relays = relays(2, settlement);
            scheduler.pass(Duration.ofSeconds(30));
            for (Relay relay : relays) {
                int idle = 0;
                for (int passes = 0; idle < 2; passes++) {
                    scheduler.pass(Duration.ofSeconds(2));
                    Relay.Pass pass = relay.pass();
                    idle = pass == Relay.Pass.IDLE ? idle + 1 : 0;
                    if (passes > 500) {
                        throw new AssertionError("a relay does not come to an end: " + pass);
                    }
                }
            }
            ReadScope scope = new ReadScope(CROSS, CALLS.get(), CommitToken.NONE);
            settlement.call(home, CROSS, CALLS.get(), () -> simulatedHome.keys().get(scope, List.of("chain")));
            done[0] = true;
        });
        int end = scheduler.steps() + 200_000;
        while (!done[0]) {
            if (scheduler.steps() > end) {
                throw new AssertionError("the relays do not come to an end");
            }
            scheduler.step();
        }
        for (int i = 0; i < LATE; i++) {
            copy.repeat();
        }
        if (faults.contains(SimFault.FAILS_OVER)) {
            // What was on its way from a history that is gone may arrive where there is no mark. No search returns it;
            // it is repaired.
            NAMESPACES.forEach(namespace -> checkCopy(namespace, true));
            repair();
        }
        check();
    }

    private void repair() {
        boolean[] done = {false};
        scheduler.start("repair", () -> {
            Epochs.Epoch epoch = new Epochs(journal, keys).current(CALLS.get());
            new Comparison(journal, projection).repair(epoch, CALLS);
            done[0] = true;
        });
        while (!done[0]) {
            scheduler.step();
        }
    }

    private void check() {
        for (NamespaceName namespace : NAMESPACES) {
            checkCopy(namespace, false);
        }
        Set<UUID> committed = new HashSet<>();
        source.commits().forEach(commit -> committed.add(commit.batch.operationId()));
        if (!lostCommits && !committed.containsAll(acknowledgedBySource(committed))) {
            throw new AssertionError("a commit that was acknowledged is gone");
        }
        checkHome();
    }

    private Set<UUID> acknowledgedBySource(Set<UUID> committed) {
        Set<UUID> wanted = new HashSet<>(acknowledged);
        wanted.removeIf(operation -> committed.contains(Attempt.id(operation, 1))
                || committed.contains(Attempt.id(operation, 2))
                || committed.contains(Attempt.id(operation, 3)));
        return wanted;
    }

    private void checkCopy(NamespaceName namespace, boolean mayHaveMore) {
        Map<UUID, PointState> copied = copy.points(source.space(namespace));
        Map<UUID, VersionedPoint> right = source.points(namespace);
        Set<UUID> all = new TreeSet<>(copied.keySet());
        all.addAll(right.keySet());
        for (UUID id : all) {
            Optional<Vector> is = Optional.ofNullable(copied.get(id))
                    .flatMap(PointState::point)
                    .flatMap(VectorPoint::vector);
            Optional<Vector> should = Optional.ofNullable(right.get(id))
                    .flatMap(point -> point.point().vector());
            if (!is.equals(should) && !(mayHaveMore && should.isEmpty())) {
                throw new AssertionError("point " + id + " of " + namespace + " is copied as " + copied.get(id)
                        + ", the source has version "
                        + (right.containsKey(id) ? right.get(id).version() : "none"));
            }
        }
    }

    private void checkHome() {
        Map<Long, UUID> byVersion = new HashMap<>();
        String last = "";
        for (SimSource.Transaction commit : source.commits()) {
            if (!isOfSeveralStores(commit)) {
                continue;
            }
            UUID operation = registered.keySet().stream()
                    .filter(some -> isAttempt(some, commit.batch.operationId()))
                    .findFirst()
                    .orElseThrow();
            long count = simulatedHome.number("count " + operation);
            if (count != 1) {
                throw new AssertionError("the home has " + operation + " " + count + " times");
            }
            last = operation.toString();
            UUID other = byVersion.put(registered.get(operation), operation);
            if (other != null && !lostCommits) {
                throw new AssertionError(other + " and " + operation + " both were to come first");
            }
        }
        for (UUID operation : registered.keySet()) {
            boolean decided = source.commits().stream()
                    .anyMatch(commit -> isOfSeveralStores(commit) && isAttempt(operation, commit.batch.operationId()));
            if (!decided && !lostCommits && simulatedHome.number("count " + operation) != 0) {
                throw new AssertionError("the home has " + operation + ", which was not committed");
            }
        }
        if (!lostCommits && !simulatedHome.text("chain").equals(last)) {
            throw new AssertionError("the chain ends with " + simulatedHome.text("chain") + ", not " + last);
        }
        if (simulatedHome.isHeld()) {
            throw new AssertionError("the home is held for ever");
        }
    }

    /** Not by its note, which may be what is missing. */
    private static boolean isOfSeveralStores(SimSource.Transaction commit) {
        return commit.batch.mutations().get(0) instanceof VectorMutation.PutPoint put
                && put.point().id().getMostSignificantBits() == 1;
    }

    private static boolean isAttempt(UUID operation, UUID attempt) {
        for (int i = 0; i < 8; i++) {
            if (Attempt.id(operation, i).equals(attempt)) {
                return true;
            }
        }
        return false;
    }
}
