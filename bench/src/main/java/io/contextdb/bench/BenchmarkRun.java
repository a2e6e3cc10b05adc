package io.contextdb.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One run of {@code bench/run}: what is asked for, and what was found. Results are written as soon as they are there. */
public final class BenchmarkRun {
    /** Of all data that is made by chance. */
    public static final long SEED = 42;

    private final Profile profile;
    private final Set<String> names;
    private final Path file;
    private final String command;
    private final ResultFile results;
    private int times = 1;
    private final List<ComparisonResult> made = new ArrayList<>();
    private final Set<String> servers = new LinkedHashSet<>();

    BenchmarkRun(Profile profile, Set<String> names, Path file, String command) throws IOException {
        this.profile = profile;
        this.names = Set.copyOf(names);
        this.file = file;
        this.command = command;
        this.results = ResultFile.read(file);
    }

    /** Makes this many times the profile's rounds; returns this. */
    BenchmarkRun longer(int factor) {
        times = factor;
        return this;
    }

    /** Returns how long and how large. */
    public Profile profile() {
        return profile;
    }

    /** Returns a number for the profile: of data, mostly. */
    public int size(int smoke, int otherwise) {
        return profile == Profile.SMOKE ? smoke : otherwise;
    }

    /** Returns whether a suite is asked for, or a part of it; those of the profile are if none is named. */
    boolean wantsSuite(String suite, boolean inProfile) {
        return names.isEmpty() ? inProfile : wants(suite);
    }

    /** Returns whether a comparison, a table or a group of them is asked for, or what it is part of; all are if none is named. */
    public boolean wants(String name) {
        return names.isEmpty()
                || names.stream()
                        .anyMatch(
                                asked -> (asked + "/").startsWith(name + "/") || (name + "/").startsWith(asked + "/"));
    }

    /** Returns the same for what takes long to prepare: the smoke profile has it only if it is named. */
    public boolean wantsLarge(String name) {
        return wants(name) && (profile != Profile.SMOKE || !names.isEmpty());
    }

    /** Makes a comparison, if it is asked for. */
    public void compare(Comparison comparison) throws Exception {
        boolean left = profile == Profile.SMOKE && names.isEmpty() && !comparison.smoke();
        if (!left && wants(comparison.name())) {
            ComparisonResult result = new Interleaving(
                            profile.warmUp(), profile.round(), profile.rounds() * times, profile.turns())
                    .run(comparison);
            System.out.println(MarkdownReport.line(result));
            made.add(result);
            results.add(result);
            write();
        }
    }

    /** Takes what else was found. */
    public void add(Table table) throws IOException {
        System.out.println(table.markdown());
        results.add(table);
        write();
    }

    /** Says what server a suite runs against. */
    public void server(Servers.Server server) {
        servers.add(server.description());
    }

    /** Returns the comparisons that this run made, not those that the file had before. */
    List<ComparisonResult> made() {
        return List.copyOf(made);
    }

    private void write() throws IOException {
        results.write(file, Environment.now(command, SEED, servers));
    }
}
