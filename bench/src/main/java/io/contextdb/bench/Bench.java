package io.contextdb.bench;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The command behind {@code bench/run}: a profile, names of suites and comparisons, or both. */
public final class Bench {
    private Bench() {}

    /** Runs and writes {@code bench/target/results/<profile>.json} and {@code .md}. */
    public static void main(String[] arguments) throws Exception {
        Set<String> names = new LinkedHashSet<>(List.of(arguments));
        Profile profile = Profile.FULL;
        for (Profile each : Profile.values()) {
            if (names.remove(each.name().toLowerCase(Locale.ROOT))) {
                profile = each;
            }
        }
        for (String name : names) {
            Suites.named(name);
        }
        Path file = Path.of(
                System.getProperty("bench.results", "bench/target/results"),
                profile.name().toLowerCase(Locale.ROOT) + ".json");
        BenchmarkRun run = new BenchmarkRun(profile, names, file, "bench/run " + String.join(" ", arguments));
        Suites.run(run);
        System.out.println(file + " and .md have the results");
    }
}
