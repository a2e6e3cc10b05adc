package io.contextdb.backend.postgresql;

import io.contextdb.spi.error.ContextException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how the server plans reads: each distinct statement once, at most ten a second, the first thousand. It names steps,
 * tables, indexes and numbers of rows, never a value. Thread-safe.
 */
final class PlanLog {
    /** What is logged. */
    enum Detail {
        /** Nothing. */
        OFF,
        /** What the server expects; costs a round trip. */
        PLAN,
        /** What it expects and what came of it; the read is run a second time. */
        ANALYZE
    }

    private static final Logger LOG = LoggerFactory.getLogger(PlanLog.class);
    private static final int MOST = 1_000;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Detail detail;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    PlanLog(Detail detail) {
        this.detail = detail;
    }

    /** Logs the plans of statements that read, on a connection without a transaction. */
    void note(Snapshot snapshot, Script script) {
        if (detail == Detail.OFF) {
            return;
        }
        for (Script.Statement statement : script.statements()) {
            if (isDue(statement.sql())) {
                log(snapshot, statement);
            }
        }
    }

    private boolean isDue(String sql) {
        long due = next.get();
        long now = System.nanoTime();
        return now - due >= 0
                && seen.size() < MOST
                && !seen.contains(sql)
                && next.compareAndSet(due, now + PAUSE)
                && seen.add(sql);
    }

    private void log(Snapshot snapshot, Script.Statement statement) {
        String explain =
                detail == Detail.ANALYZE ? "EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS) " : "EXPLAIN (FORMAT JSON) ";
        StringBuilder plan = new StringBuilder();
        try {
            new Script()
                    .rows(
                            row -> add(plan, JsonColumn.readValue(row.getString(1)), 1),
                            explain + statement.sql(),
                            statement.values().toArray())
                    .send(snapshot.connection(), snapshot.names(), snapshot.reach());
            LOG.info("plan of {}{}", statement.sql().replaceAll("\\s+", " ").strip(), plan);
        } catch (SQLException | ContextException failed) {
            // The read itself has succeeded, and stays so.
            LOG.debug("a plan could not be had", failed);
        }
    }

    private static void add(StringBuilder text, @Nullable Object part, int depth) {
        if (part instanceof List<?> parts) {
            parts.forEach(each -> add(text, each, depth));
        } else if (part instanceof Map<?, ?> map && map.containsKey("Plan")) {
            add(text, map.get("Plan"), depth);
        } else if (part instanceof Map<?, ?> node) {
            text.append('\n').append("  ".repeat(depth)).append(node.get("Node Type"));
            add(text, node, " on ", "Relation Name");
            add(text, node, " by ", "Index Name");
            add(text, node, ", expects rows ", "Plan Rows");
            add(text, node, ", has rows ", "Actual Rows");
            add(text, node, ", times ", "Actual Loops");
            add(text, node, ", ends at ms ", "Actual Total Time");
            add(text, node, ", pages in memory ", "Shared Hit Blocks");
            add(text, node, ", pages read ", "Shared Read Blocks");
            add(text, node.get("Plans"), depth + 1);
        }
    }

    private static void add(StringBuilder text, Map<?, ?> node, String before, String name) {
        if (node.get(name) != null) {
            text.append(before).append(node.get(name));
        }
    }
}
