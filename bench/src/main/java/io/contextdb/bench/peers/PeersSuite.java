package io.contextdb.bench.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Clock;
import io.contextdb.bench.Servers;
import io.contextdb.bench.Suite;
import io.contextdb.bench.TemporaryDirectory;
import io.contextdb.bench.VectorData;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** Add, search, filtered search and delete: the embedded store against libraries in the process, PostgreSQL against stores on it. */
public final class PeersSuite implements Suite {
    @Override
    public void run(BenchmarkRun run) throws Exception {
        if (run.wants("peers/embedded")) {
            embedded(run);
        }
        if (run.wants("peers/postgresql")) {
            postgresql(run);
        }
    }

    private static void embedded(BenchmarkRun run) throws Exception {
        VectorData data = new VectorData(Integer.getInteger("bench.points", run.size(5_000, 20_000)));
        try (TemporaryDirectory directory = new TemporaryDirectory();
                PeerStore ours = new ContextdbStore(
                        "contextdb embedded",
                        "contextdb:embedded:" + directory.path().resolve("ours"));
                PeerStore langChain = LangChainStore.inMemory();
                PeerStore spring = SpringStore.simple();
                PeerStore lucene = new LuceneStore(directory.path().resolve("lucene"))) {
            Duel duel = new Duel(run, data, Clock.CPU);
            duel.fill(List.of(ours, langChain, spring, lucene));
            duel.compare("embedded/langchain4j", ours, langChain, "not durable");
            duel.compare("embedded/spring", ours, spring, "not durable");
            duel.compare("embedded/lucene", ours, lucene, "");
        }
    }

    private static void postgresql(BenchmarkRun run) throws Exception {
        Servers.Server server = Servers.postgresql();
        run.server(server);
        VectorData data = new VectorData(20_000);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:" + server.url());
        config.setMaximumPoolSize(10);
        // As broad as ours searches, for the same recall.
        config.setConnectionInitSql("SET hnsw.ef_search = 100");
        try (PeerStore ours = new ContextdbStore(
                        "contextdb postgresql", "contextdb:" + server.url() + "&schema=bench_peers");
                HikariDataSource pool = new HikariDataSource(config);
                PeerStore langChain = LangChainStore.pgvector(pool);
                PeerStore spring = SpringStore.pgvector(pool)) {
            Duel duel = new Duel(run, data, Clock.WALL);
            duel.fill(List.of(ours, langChain, spring));
            ours.search(data.query(), -1);
            awaitIndex(pool);
            duel.compare("postgresql/spring", ours, spring, "");
            duel.compare("postgresql/langchain4j", ours, langChain, "");
        }
    }

    /** Ours makes its index in the background, once a search has shown that the space is large. */
    private static void awaitIndex(HikariDataSource server) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (indexes(server) == 0) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("no index was made of the points within two minutes");
            }
            Thread.sleep(500);
        }
        // Each driver looks for new ones now and then.
        Thread.sleep(20_000);
    }

    private static int indexes(HikariDataSource server) throws SQLException {
        try (Connection connection = server.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                                + " WHERE i.indrelid = 'bench_peers.point'::regclass AND c.relname LIKE 'point_hnsw_%' AND i.indisvalid")) {
            row.next();
            return row.getInt(1);
        }
    }
}
