package io.contextdb.tck.report;

import io.contextdb.ConnectionInfo;
import io.contextdb.tck.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run of the kit on one store. What two runs of the same kit on the same store must have in common stands apart from what they
 * cannot: nothing in it has a time, an address or a seed. Immutable.
 */
public final class KitReport {
    private final String name;
    private final ConnectionInfo info;
    private final ServerKind server;
    private final long seed;
    private final List<TestResult> results;
    private final Contract contract = Contract.ofThisKit();

    /**
     * Makes a report.
     *
     * @param name name of its files
     * @param info what the store declares
     * @param server what kind of server it is
     * @param seed of everything that was chosen by chance
     * @param results the tests, in any order
     */
    public KitReport(String name, ConnectionInfo info, ServerKind server, long seed, List<TestResult> results) {
        this.name = name;
        this.info = info;
        this.server = server;
        this.seed = seed;
        this.results =
                results.stream().sorted(Comparator.comparing(TestResult::test)).toList();
    }

    /**
     * Writes all forms of the report.
     *
     * @param folder where to, {@code target/contextdb-tck} by default
     */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name + ".md"), new MarkdownForm(this).text());
            Files.writeString(folder.resolve(name + ".json"), new JsonForm(this).text());
            Files.writeString(folder.resolve("TEST-" + name + ".xml"), new JunitForm(this).text());
            Files.writeString(folder.resolve(name + "-badge.json"), new BadgeForm(this).endpoint());
            Files.writeString(folder.resolve(name + "-badge.svg"), new BadgeForm(this).svg());
        } catch (IOException unwritable) {
            throw new UncheckedIOException("the report cannot be written to " + folder, unwritable);
        }
    }

    String name() {
        return name;
    }

    ConnectionInfo info() {
        return info;
    }

    ServerKind server() {
        return server;
    }

    long seed() {
        return seed;
    }

    Contract contract() {
        return contract;
    }

    /** Returns the tests, by name. */
    List<TestResult> results() {
        return results;
    }

    /** Returns the tests of each statement of the contract, in its order; none where no test names it. */
    Map<String, List<TestResult>> byStatement() {
        Map<String, List<TestResult>> byStatement = new TreeMap<>(Contract.ORDER);
        contract.statements().keySet().forEach(id -> byStatement.put(id, new ArrayList<>()));
        for (TestResult result : results) {
            result.statements()
                    .forEach(id -> byStatement
                            .computeIfAbsent(id, key -> new ArrayList<>())
                            .add(result));
        }
        return byStatement;
    }

    /** Returns how a statement fared: failed if one of its tests did, passed if one did, else skipped. */
    static Outcome verdict(List<TestResult> proofs) {
        if (proofs.stream().anyMatch(proof -> proof.outcome() == Outcome.FAILED)) {
            return Outcome.FAILED;
        }
        return proofs.stream().anyMatch(proof -> proof.outcome() == Outcome.PASSED) ? Outcome.PASSED : Outcome.SKIPPED;
    }

    /** Returns how many tests ended so. */
    public long count(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    /** Returns how many statements fared so. */
    public long statements(Outcome outcome) {
        return byStatement().values().stream()
                .filter(proofs -> verdict(proofs) == outcome)
                .count();
    }
}
