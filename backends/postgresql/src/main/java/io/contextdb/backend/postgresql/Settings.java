package io.contextdb.backend.postgresql;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * What a store is opened with.
 *
 * @param jdbcUrl address of the servers, without options
 * @param jdbc properties for pgjdbc; they hold the password
 * @param schema the schema that holds the store
 * @param creates whether what is absent of the schema is made
 * @param pool how connections are pooled
 * @param replicas whether standbys among the servers are read from
 * @param rowSecurity whether row-level security is turned on
 * @param acknowledgement when a commit is acknowledged
 * @param journal whether other stores follow the journal, which is kept in any case
 * @param indexFrom points from which a vector space gets an index
 * @param indexMemory memory for building one, in MiB
 * @param explain what is logged of plans
 */
record Settings(
        String jdbcUrl,
        Properties jdbc,
        String schema,
        boolean creates,
        PoolSettings pool,
        ReplicaUse replicas,
        RowSecurity.Use rowSecurity,
        Acknowledgement acknowledgement,
        boolean journal,
        long indexFrom,
        long indexMemory,
        PlanLog.Detail explain) {
    private static final Pattern LOCATION = Pattern.compile("//(?<hosts>[^@/]+)/(?<database>[^/]+)");
    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1])(:\\d+)?(,|$)");
    private static final String PASS_THROUGH = "jdbc.";
    private static final Set<String> SECRETS = Set.of("password", "sslpassword");

    /** Properties of pgjdbc that would break a promise, with the one value that does not, or an empty one, and why. */
    private static final List<Refused> REFUSED = List.of(
            new Refused(PGProperty.TARGET_SERVER_TYPE, "primary", "standbys take no writes and may be behind"),
            new Refused(PGProperty.READ_ONLY, "false", "connections must be able to write"),
            new Refused(PGProperty.PREFER_QUERY_MODE, "extended", "values are bound, never written into the SQL"),
            new Refused(PGProperty.STRING_TYPE, "varchar", "statements that belong together would be sent apart"),
            new Refused(PGProperty.REPLICATION, "false", "connections must be able to run SQL"),
            new Refused(PGProperty.PG_HOST, "", "the URL names the hosts"),
            new Refused(PGProperty.PG_PORT, "", "the URL names the hosts"),
            new Refused(PGProperty.PG_DBNAME, "", "the URL names the database"),
            new Refused(PGProperty.SERVICE, "", "the URL names the hosts"));

    private record Refused(PGProperty property, String allowed, String why) {
        void check(String value) {
            if (!value.isEmpty() && !value.equalsIgnoreCase(allowed)) {
                throw new InvalidRequestException(
                        PASS_THROUGH + property.getName(),
                        (allowed.isEmpty() ? "must not be set" : "must be " + allowed) + ": " + why);
            }
        }
    }

    private static final OptionDescriptor<String> USER = OptionDescriptor.text("user", "", "user of the database");
    private static final OptionDescriptor<String> PASSWORD =
            OptionDescriptor.secret("password", "password of the user; better given by the environment than in a URL");
    private static final OptionDescriptor<String> SCHEMA =
            OptionDescriptor.text("schema", "contextdb", "schema that holds the store, created if it is absent");
    private static final OptionDescriptor<Boolean> CREATE = OptionDescriptor.flag(
            "create",
            true,
            "whether a schema that is absent or older is made and brought up to date; false only looks at what is there");
    private static final OptionDescriptor<String> SSL = OptionDescriptor.text(
            "sslmode",
            "",
            "disable, allow, prefer, require, verify-ca or verify-full; by default verify-full, but disable on loopback");
    private static final OptionDescriptor<ReplicaUse> REPLICAS = OptionDescriptor.choice(
            "replicas",
            ReplicaUse.OFF,
            "prefer: searches and lists are answered by the standbys among the hosts, where they have what a read must see");
    private static final OptionDescriptor<RowSecurity.Use> ROW_SECURITY = OptionDescriptor.choice(
            "rls",
            RowSecurity.Use.OFF,
            "on: turns on row-level security, by which the server itself keeps each call within its namespace;"
                    + " off leaves the store as it is");
    private static final OptionDescriptor<Acknowledgement> ACK = OptionDescriptor.choice(
            "ack",
            Acknowledgement.SERVER,
            "replicated: a write returns once a synchronous standby shows it, and a server that has none is refused;"
                    + " server: as the server is set up");
    private static final OptionDescriptor<Boolean> JOURNAL = OptionDescriptor.flag(
            "journal",
            false,
            "lets other stores follow the journal; refused where commits are seen before they are stored");
    private static final OptionDescriptor<Long> INDEX_FROM = OptionDescriptor.integer(
            "vectorIndexFrom",
            10_000,
            100,
            1_000_000_000,
            "points from which a vector space is searched by an HNSW index; smaller ones are searched exactly");
    private static final OptionDescriptor<Long> INDEX_MEMORY = OptionDescriptor.integer(
            "vectorIndexMegabytes", 512, 16, 1_000_000, "memory of the server for building an index of vectors");

    private static final OptionDescriptor<PlanLog.Detail> EXPLAIN = OptionDescriptor.choice(
            "explain",
            PlanLog.Detail.OFF,
            "logs how the server plans each distinct read, without values: analyze runs it a second time and measures");

    static final List<OptionDescriptor<?>> OPTIONS = options();

    private static List<OptionDescriptor<?>> options() {
        List<OptionDescriptor<?>> all = new ArrayList<>(List.of(
                USER,
                PASSWORD,
                SCHEMA,
                CREATE,
                SSL,
                REPLICAS,
                ROW_SECURITY,
                ACK,
                JOURNAL,
                INDEX_FROM,
                INDEX_MEMORY,
                EXPLAIN));
        all.addAll(PoolSettings.OPTIONS);
        Arrays.stream(PGProperty.values()).map(Settings::passThrough).forEach(all::add);
        return List.copyOf(all);
    }

    private static OptionDescriptor<String> passThrough(PGProperty property) {
        String name = PASS_THROUGH + property.getName();
        String description = "pgjdbc: " + property.getDescription();
        return SECRETS.contains(property.getName())
                ? OptionDescriptor.secret(name, description)
                : OptionDescriptor.text(name, "", description);
    }

    static Settings of(BackendConfig config) {
        Matcher location = LOCATION.matcher(config.network().address());
        boolean lent = config.location().isEmpty();
        if (!lent && !location.matches()) {
            throw new InvalidRequestException(
                    "url", "must be contextdb:postgresql://host:port/database, several hosts parted by commas");
        }
        return new Settings(
                lent ? "" : jdbcUrl(location),
                lent ? new Properties() : properties(config, location),
                config.get(SCHEMA),
                config.get(CREATE),
                PoolSettings.of(config),
                replicas(config, lent),
                config.get(ROW_SECURITY),
                acknowledgement(config, lent),
                config.get(JOURNAL),
                config.get(INDEX_FROM),
                config.get(INDEX_MEMORY),
                config.get(EXPLAIN));
    }

    private static String jdbcUrl(Matcher location) {
        String url = "jdbc:postgresql://" + location.group("hosts") + "/" + location.group("database");
        if (Driver.parseURL(url, new Properties()) == null) {
            throw new InvalidRequestException(
                    "url",
                    "names no hosts that can be read: must be host:port, several parted by commas, is "
                            + location.group("hosts"));
        }
        return url;
    }

    /** Returns whether the server's certificate is verified, for people. */
    String verification() {
        if (jdbcUrl.isEmpty()) {
            return "as the lent DataSource is set up";
        }
        return switch (jdbc.getProperty("sslmode", "")) {
            case "verify-full" -> "issuer and host";
            case "verify-ca" -> "issuer, not host";
            default -> "no";
        };
    }

    private static Acknowledgement acknowledgement(BackendConfig config, boolean lent) {
        if (lent && config.get(ACK) != Acknowledgement.SERVER) {
            throw new InvalidRequestException(
                    ACK.name(), "needs connections of our own; a lent DataSource is set up by who lends it");
        }
        return config.get(ACK);
    }

    private static ReplicaUse replicas(BackendConfig config, boolean lent) {
        if (lent && config.get(REPLICAS) != ReplicaUse.OFF) {
            throw new InvalidRequestException(
                    "replicas", "needs the hosts in the URL; a lent DataSource leads to the primary only");
        }
        return config.get(REPLICAS);
    }

    private static Properties properties(BackendConfig config, Matcher location) {
        Properties jdbc = new Properties();
        long connect = PoolSettings.of(config).connectTimeout().toSeconds();
        jdbc.setProperty("connectTimeout", Long.toString(connect));
        jdbc.setProperty("loginTimeout", Long.toString(connect + 3));
        jdbc.setProperty("cancelSignalTimeout", "2");
        // The last resort behind the watch over calls, which ends a connection at the deadline of its call.
        jdbc.setProperty("socketTimeout", "3600");
        jdbc.setProperty("tcpKeepAlive", "true");
        jdbc.setProperty("targetServerType", "primary");
        // How long a host counts as what it was: a standby that is promoted must be found soon.
        jdbc.setProperty("hostRecheckSeconds", "2");
        jdbc.setProperty("reWriteBatchedInserts", "true");
        jdbc.setProperty("ApplicationName", "contextdb");
        boolean loopback = allLoopback(location.group("hosts"));
        jdbc.setProperty("sslmode", loopback ? "disable" : "verify-full");
        put(jdbc, "user", config.network().user());
        put(jdbc, "password", config.network().password());
        put(jdbc, "user", config.get(USER));
        put(jdbc, "password", config.get(PASSWORD));
        put(jdbc, "sslmode", config.get(SSL));
        REFUSED.forEach(refused -> refused.check(config.get(passThrough(refused.property()))));
        for (PGProperty property : PGProperty.values()) {
            put(jdbc, property.getName(), config.get(passThrough(property)));
        }
        config.get(ACK).demand(jdbc);
        return jdbc;
    }

    private static boolean allLoopback(String hosts) {
        return Arrays.stream(hosts.split(","))
                .allMatch(host -> LOOPBACK.matcher(host).matches());
    }

    private static void put(Properties jdbc, String name, @org.jspecify.annotations.Nullable String value) {
        if (value != null && !value.isEmpty()) {
            jdbc.setProperty(name, value);
        }
    }

    /** Returns the parts that hold no secret. */
    @Override
    public String toString() {
        return "Settings[" + jdbcUrl + ", schema " + schema + ", pool " + pool.size() + "]";
    }
}
