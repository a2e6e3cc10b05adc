package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDataSource;
import io.contextdb.Namespace;
import io.contextdb.spi.Backend;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.EdgeContent;
import io.contextdb.spi.graph.EdgeDraft;
import io.contextdb.spi.graph.NodeContent;
import io.contextdb.spi.graph.NodeDraft;
import io.contextdb.spi.graph.WalkQuery;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.vector.Metric;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.Vector;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.vector.VectorQuery;
import io.contextdb.spi.vector.VectorSpace;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Settings of the user or the database change no answer: what is written comes back as it was, or connecting says what is wrong. */
class SessionSettingsTest {
    private static final double THIRD = 1.0 / 3;
    private static final float FRACTION = 0.1234567f;
    private static final PropertyMap ODD = PropertyMap.of(
            "back\\slash",
            "C:\\new\\x02 'quoted' \"twice\"",
            "null",
            null,
            "numbers",
            List.of(0.1 + 0.2, -0.0, 1, 1e300));

    private final TestServer server = TestServer.get();

    /** Writes and reads all models, with values that a setting could bend. */
    private static void roundTrip(ContextDataSource source) {
        try (ContextConnection connection = source.getConnection()) {
            Namespace namespace = connection.namespace("n" + System.nanoTime());
            vectors(namespace);
            graph(namespace);
            documents(namespace);
            events(namespace);
            byte[] all = new byte[256];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) i;
            }
            namespace.keys().put("back\\slash'", Bytes.of(all));
            assertThat(namespace.keys().get("back\\slash'").orElseThrow().value())
                    .isEqualTo(Bytes.of(all));
            assertThat(namespace.keys().increment("n", 3)).isEqualTo(3);
        }
    }

    private static void vectors(Namespace namespace) {
        namespace.vectors().createSpace(new VectorSpace("s", 3, Metric.DOT, ""));
        VectorPoint point = VectorPoint.builder(UuidV7.next())
                .vector(123.45679f, FRACTION, 7654321f)
                .text("one 'two' \\three")
                .labels(List.of("NULL", "a\\b", "\"q\"", "{}"))
                .properties(ODD)
                .build();
        VectorPoint bare = VectorPoint.builder(UuidV7.next()).text("only text").build();
        // Several at once go as arrays, of which one has no vector.
        namespace.vectors().put("s", List.of(point, bare));
        assertThat(namespace.vectors().get("s", point.id())).contains(point);
        assertThat(namespace.vectors().get("s", bare.id())).contains(bare);
        assertThat(namespace
                        .vectors()
                        .search(VectorQuery.nearest("s", Vector.of(FRACTION, 0, 0), 1))
                        .get(0)
                        .score())
                .isCloseTo(123.45679 * FRACTION, Offset.offset(1e-4));
        assertThat(namespace.vectors().count("s", Filter.label("NULL"))).isEqualTo(1);
        assertThat(namespace.vectors().searchText(TextQuery.of("s", "three", 5)))
                .hasSize(1);
    }

    private static void graph(Namespace namespace) {
        List<UUID> ids = List.of(UuidV7.next(), UuidV7.next());
        for (UUID id : ids) {
            namespace
                    .graph()
                    .put(NodeDraft.of(
                            id,
                            NodeContent.builder()
                                    .confidence(THIRD)
                                    .properties(ODD)
                                    .labels(List.of("NULL"))
                                    .build()));
        }
        namespace.graph().put(EdgeDraft.of(EdgeContent.of(ids.get(0), "NULL", ids.get(1))));
        namespace.graph().putSource("s\\", List.of("l"), ODD);
        namespace.graph().addEvidence("s\\", THIRD, 0.1);
        assertThat(namespace.graph().get(ids)).allSatisfy(node -> {
            assertThat(node.content().confidence()).isEqualTo(THIRD);
            assertThat(node.content().properties()).isEqualTo(ODD);
        });
        assertThat(namespace.graph().walk(WalkQuery.from(ids.get(0)).build())).hasSize(2);
        assertThat(namespace.graph().source("s\\").orElseThrow().alpha()).isEqualTo(1 + THIRD);
    }

    private static void documents(Namespace namespace) {
        List<Object> values = Arrays.asList(
                null,
                false,
                true,
                -1.5,
                0,
                0.1,
                THIRD,
                7,
                "NULL",
                "a'b\\c",
                "é",
                List.of(1),
                PropertyMap.of("k", "\\"));
        for (int i = 0; i < values.size(); i++) {
            namespace
                    .documents("c")
                    .put(
                            Integer.toString(i),
                            PropertyMap.of("v", values.get(i), "path\\'é", PropertyMap.of("n", THIRD)));
        }
        assertThat(namespace
                        .documents("c")
                        .findAll(Filter.everything(), SortKey.ascending("v"))
                        .map(Document::body)
                        .map(body -> body.get("v")))
                .containsExactlyElementsOf(namespace
                        .documents("c")
                        .get(java.util.stream.IntStream.range(0, values.size())
                                .mapToObj(Integer::toString)
                                .toList())
                        .stream()
                        .map(document -> document.body().get("v"))
                        .toList());
        assertThat(namespace.documents("c").count(Filter.eq(Field.property("path\\'é", "n"), THIRD)))
                .isEqualTo(values.size());
        assertThat(namespace.documents("c").count(Filter.eq(Field.property("v"), "a'b\\c")))
                .isEqualTo(1);
    }

    private static void events(Namespace namespace) {
        namespace.events().append(List.of(EventDraft.of("t\\", ODD), EventDraft.of("t", PropertyMap.of("x", THIRD))));
        assertThat(namespace.events().read(EventQuery.after(EventPosition.START, 5)))
                .hasSize(2)
                .first()
                .satisfies(event -> assertThat(event.type()).isEqualTo("t\\"));
        List<AggregateRow> rows = namespace
                .events()
                .aggregate(new AggregateQuery(
                        Filter.everything(),
                        TimeBucket.MONTH,
                        ZoneId.of("America/New_York"),
                        List.of(),
                        List.of(Measure.of("sum", Measure.Function.SUM, Field.property("x")))));
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).values().get("sum")).isEqualTo(THIRD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "extra_float_digits = 0",
                "extra_float_digits = -15",
                "standard_conforming_strings = off",
                "backslash_quote = off",
                "escape_string_warning = off",
                "array_nulls = off",
                "gin_fuzzy_search_limit = 1",
                "client_min_messages = error",
                "default_transaction_isolation = 'serializable'",
                "default_transaction_isolation = 'repeatable read'",
                "default_transaction_deferrable = on",
                "row_security = off",
                "bytea_output = 'escape'",
                "DateStyle = 'SQL, DMY'",
                "IntervalStyle = 'sql_standard'",
                "TimeZone = 'Asia/Kathmandu'",
                "client_encoding = 'LATIN1'",
                "search_path = 'pg_temp'",
                "search_path = ''",
                "quote_all_identifiers = on",
                "xmloption = document",
                "transform_null_equals = on",
                "plan_cache_mode = force_custom_plan",
                "jit_above_cost = 0",
                "enable_seqscan = off",
                "enable_indexscan = off",
                "enable_bitmapscan = off",
                "synchronous_commit = off",
                "lock_timeout = '20s'",
                "statement_timeout = '20s'",
                "idle_in_transaction_session_timeout = '20s'"
            })
    void whatASettingOfTheUserIsChangesNoAnswer(String setting) throws SQLException {
        try (OrdinaryUser user = OrdinaryUser.of(server, "set")) {
            ServerPair.execute(server, "ALTER ROLE " + user.schema() + " SET " + setting);
            try (ContextDataSource source = ContextDataSource.open(user.url())) {
                roundTrip(source);
            }
        }
    }

    /** A user who is kept from writing stays so, and is told why no server takes writes. */
    @Test
    void aUserWhoIsKeptFromWritingIsToldSo() throws SQLException {
        try (OrdinaryUser user = OrdinaryUser.of(server, "readonly")) {
            ServerPair.execute(server, "ALTER ROLE " + user.schema() + " SET default_transaction_read_only = on");
            assertThatThrownBy(() -> TestServer.open(user.url()))
                    .isInstanceOf(ContextUnavailableException.class)
                    .hasMessageContaining("default_transaction_read_only");
        }
    }

    private static ContextDataSource lent(OrdinaryUser user, TestServer server) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(user.as(server.jdbcUrl()));
        return ContextDataSource.builder("contextdb:postgresql:?schema=" + user.schema())
                .resource(source)
                .build();
    }

    /** Its sessions are the application's, so nothing is set there; what the answers do not depend on is let be. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "standard_conforming_strings = off",
                "bytea_output = 'escape'",
                "DateStyle = 'SQL, DMY'",
                "IntervalStyle = 'sql_standard'",
                "TimeZone = 'Asia/Kathmandu'",
                "search_path = 'pg_temp'",
                "quote_all_identifiers = on",
                "extra_float_digits = 3",
                "row_security = off"
            })
    void onALentDataSourceWhatChangesNoAnswerIsLetBe(String setting) throws SQLException {
        try (OrdinaryUser user = OrdinaryUser.of(server, "lentset")) {
            TestServer.open(user.url()).close();
            ServerPair.execute(server, "ALTER ROLE " + user.schema() + " SET " + setting);
            try (ContextDataSource source = lent(user, server)) {
                roundTrip(source);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "extra_float_digits | 0",
                "array_nulls | off",
                "gin_fuzzy_search_limit | 1",
                "client_min_messages | error",
                "default_transaction_isolation | serializable",
                "default_transaction_read_only | on",
                "search_path | public, pg_catalog"
            })
    void onALentDataSourceWhatWouldChangeAnAnswerIsRefused(String setting, String value) throws SQLException {
        try (OrdinaryUser user = OrdinaryUser.of(server, "lentwrong")) {
            TestServer.open(user.url()).close();
            String quoted = setting.equals("search_path") ? value : "'" + value + "'";
            ServerPair.execute(server, "ALTER ROLE " + user.schema() + " SET " + setting + " = " + quoted);
            assertThatThrownBy(() -> lent(user, server).close())
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(setting + " = ")
                    .hasMessageContaining("ALTER ROLE");
        }
    }

    /** A pooler's sessions are of all its clients; what is wrong there is told. */
    @Test
    void throughAPoolerWhatWouldChangeAnAnswerIsRefused() throws SQLException {
        TestServer pooler = TestServer.pooler();
        String database = TestServer.schema("pooledset");
        ServerPair.execute(server, "CREATE DATABASE " + database);
        try {
            ServerPair.execute(server, "ALTER DATABASE " + database + " SET extra_float_digits = 0");
            String direct = server.url(database).replace("/postgres?", "/" + database + "?");
            try (ContextDataSource source = ContextDataSource.open(direct)) {
                roundTrip(source);
            }
            assertThatThrownBy(() -> TestServer.open(pooler.url(database).replace("/postgres?", "/" + database + "?")))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("extra_float_digits = 0")
                    .hasMessageContaining("pooler");
        } finally {
            ServerPair.execute(server, "DROP DATABASE " + database + " WITH (FORCE)");
        }
    }

    /** A server that acknowledges what a crash takes back is not declared to survive one. */
    @Test
    void crashSafetyIsDeclaredWhereTheServersSettingsMakeItTrue() throws SQLException {
        try (OrdinaryUser user = OrdinaryUser.of(server, "unsafe")) {
            try (Backend backend = TestServer.open(user.url())) {
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isTrue();
                assertThat(backend.info().details()).doesNotContainKey("notCrashSafe");
            }
            ServerPair.execute(server, "ALTER ROLE " + user.schema() + " SET synchronous_commit = off");
            try (Backend backend = TestServer.open(user.url())) {
                assertThat(backend.info().offers(Capability.CRASH_SAFE)).isFalse();
                assertThat(backend.info().details()).containsEntry("notCrashSafe", "synchronous_commit = off");
            }
        }
    }
}
