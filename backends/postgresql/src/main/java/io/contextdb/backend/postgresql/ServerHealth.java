package io.contextdb.backend.postgresql;

import io.contextdb.spi.Health;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.value.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Asks the server how it is, and whether a setting of it weakens what the store promises. */
final class ServerHealth {
    /**
     * Something to ask.
     *
     * @param name of the detail
     * @param sql gives one text
     * @param safe the answer by which no promise is at risk; empty if each is as good
     */
    private record Question(String name, String sql, String safe) {
        boolean isRisk(String answer) {
            return !safe.isEmpty() && !safe.equals(answer);
        }
    }

    private static final List<Question> QUESTIONS = List.of(
            new Question("version", "current_setting('server_version')", ""),
            new Question("pgvector", "(SELECT extversion FROM pg_extension WHERE extname = 'vector')", ""),
            new Question("tls", """
                    (SELECT CASE WHEN ssl THEN version || ', ' || cipher ELSE 'off' END FROM pg_stat_ssl
                      WHERE pid = pg_backend_pid())
                    """, ""),
            new Question("inRecovery", "pg_is_in_recovery()::text", "false"),
            // What was acknowledged may be lost in a crash, or be damaged by it.
            new Question("fsync", "current_setting('fsync')", "on"),
            new Question("fullPageWrites", "current_setting('full_page_writes')", "on"),
            new Question("synchronousCommit", "current_setting('synchronous_commit')", ""),
            new Question("commitsWait", """
                    (current_setting('synchronous_commit') <> 'off' AND NOT (current_setting('synchronous_commit') = 'local'
                     AND current_setting('synchronous_standby_names') <> ''))::text
                    """, "true"),
            new Question("unloggedTables", """
                    (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                      WHERE n.nspname = ? AND c.relpersistence <> 'p')::text
                    """, "0"),
            new Question("synchronousStandbys", "current_setting('synchronous_standby_names')", ""),
            // Damage is passed over in silence.
            new Question("zeroDamagedPages", "current_setting('zero_damaged_pages')", "off"),
            new Question("ignoreChecksumFailure", "current_setting('ignore_checksum_failure')", "off"),
            new Question("dataChecksums", "current_setting('data_checksums')", ""),
            // The space of what was removed does not come back.
            new Question("autovacuum", "current_setting('autovacuum')", "on"),
            // Calls and index builds may end before their time.
            new Question("statementTimeout", "current_setting('statement_timeout')", ""),
            new Question("lockTimeout", "current_setting('lock_timeout')", ""),
            new Question("idleSessionTimeout", "current_setting('idle_session_timeout')", ""));

    private static final String ASK =
            QUESTIONS.stream().map(Question::sql).collect(Collectors.joining(", ", "SELECT ", ", "))
                    + RowSecurity.STATE;

    private ServerHealth() {}

    static Health ask(Store store, Upkeep upkeep, Deadline deadline) {
        Map<String, String> details = new TreeMap<>();
        try {
            long start = System.nanoTime();
            boolean weak = asked(store, deadline, details);
            Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
            details.put("tls.verified", store.settings().verification());
            details.putAll(store.figures().details(store.connections()));
            store.eventListener().state().ifPresent(how -> details.put("events.wakeups", how));
            weak |= !replicasServe(store, deadline, details);
            String trouble = upkeep.trouble();
            if (trouble != null) {
                details.put("upkeep", trouble);
            }
            return new Health(weak || trouble != null ? Health.Status.DEGRADED : Health.Status.UP, roundTrip, details);
        } catch (ContextException down) {
            details.put("error", String.valueOf(down.getMessage()));
            return new Health(Health.Status.DOWN, Duration.ZERO, details);
        }
    }

    /** Asks all questions, and returns whether an answer puts a promise at risk. */
    private static boolean asked(Store store, Deadline deadline, Map<String, String> details) {
        return store.connections().read(deadline, connection -> {
            boolean[] risk = {false};
            new Script()
                    .rows(
                            row -> {
                                for (int i = 0; i < QUESTIONS.size(); i++) {
                                    Question question = QUESTIONS.get(i);
                                    String answer = String.valueOf(row.getString(i + 1));
                                    details.put("server." + question.name(), answer);
                                    risk[0] |= question.isRisk(answer);
                                }
                                risk[0] |= store.settings().acknowledgement() == Acknowledgement.REPLICATED
                                        && String.valueOf(details.get("server.synchronousStandbys"))
                                                .isBlank();
                                String rowSecurity = row.getString(QUESTIONS.size() + 1);
                                details.put("server.rowSecurity", rowSecurity);
                                risk[0] |= store.rowSecurity().isAtRisk(rowSecurity);
                            },
                            ASK,
                            store.names().schema(),
                            store.names().schema())
                    .send(connection, store.names(), Reach.UNTOLD);
            return risk[0];
        });
    }

    private static boolean replicasServe(Store store, Deadline deadline, Map<String, String> details) {
        try {
            store.replicaBehind(deadline).ifPresent(bytes -> details.put("replica.bytesBehind", Long.toString(bytes)));
            return true;
        } catch (ContextException unreachable) {
            details.put("replica.error", String.valueOf(unreachable.getMessage()));
            return false;
        }
    }
}
