package io.contextdb.bench;

import io.contextdb.bench.embedded.BigDirectorySuite;
import io.contextdb.bench.embedded.EmbeddedSuite;
import io.contextdb.bench.embedded.VectorSuite;
import io.contextdb.bench.embedded.WalkSuite;
import io.contextdb.bench.growth.FootprintSuite;
import io.contextdb.bench.growth.GrowthSuite;
import io.contextdb.bench.peers.PeersSuite;
import io.contextdb.bench.postgresql.PostgresqlSuite;
import io.contextdb.bench.retrieval.QualitySuite;
import io.contextdb.bench.retrieval.RetrieveSuite;
import io.contextdb.bench.scaled.QdrantSuite;
import io.contextdb.bench.scaled.RedisSuite;
import io.contextdb.bench.scaled.ScaledSuite;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** All suites, in the order in which they run. */
enum Suites {
    EMBEDDED(new EmbeddedSuite(), Profile.SMOKE, Profile.FULL),
    VECTORS(new VectorSuite(), Profile.SMOKE, Profile.FULL),
    WALK(new WalkSuite(), Profile.SMOKE, Profile.FULL),
    POSTGRESQL(new PostgresqlSuite(), Profile.SMOKE, Profile.FULL),
    REDIS(new RedisSuite(), Profile.SMOKE, Profile.FULL),
    QDRANT(new QdrantSuite(), Profile.FULL),
    SCALED(new ScaledSuite(), Profile.FULL),
    RETRIEVE(new RetrieveSuite(), Profile.FULL),
    QUALITY(new QualitySuite(), Profile.FULL),
    GROWTH(new GrowthSuite(), Profile.FULL),
    FOOTPRINT(new FootprintSuite(), Profile.FULL),
    PEERS(new PeersSuite(), Profile.PEERS),
    SIZE(new BigDirectorySuite());

    // Suites have no state between runs.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Suite suite;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<Profile> profiles;

    Suites(Suite suite, Profile... profiles) {
        this.suite = suite;
        this.profiles = Set.of(profiles);
    }

    private String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the suite of this name, or that a comparison of this name belongs to. */
    static Suites named(String name) {
        return Arrays.stream(values())
                .filter(each -> name.equals(each.lowerCase()) || name.startsWith(each.lowerCase() + "/"))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no suite is named " + name + "; there are "
                        + Arrays.stream(values()).map(Suites::lowerCase).collect(Collectors.joining(", "))));
    }

    /** Runs those that the profile has, or that are named, one after the other. */
    static void run(BenchmarkRun run) throws Exception {
        for (Suites each : values()) {
            if (run.wantsSuite(each.lowerCase(), each.profiles.contains(run.profile()))) {
                System.out.println("== " + each.lowerCase());
                try {
                    each.suite.run(run);
                } catch (Servers.Unavailable missing) {
                    System.out.println("skipped: " + missing.getMessage());
                }
            }
        }
    }
}
