package io.contextdb.backend.redis;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.NetworkLocation;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a store is opened with.
 *
 * @param hosts servers, sentinels or nodes of a cluster
 * @param cluster whether they are nodes of a cluster
 * @param sentinel name of the primary that sentinels are asked for, or ""
 * @param login who logs in to the servers
 * @param sentinelLogin who logs in to the sentinels
 * @param database number of the database
 * @param prefix what every key begins with
 * @param tls how connections are secured; never {@link Tls#AUTO}
 * @param files where certificates and keys are
 * @param connectTimeout longest wait for a connection
 * @param maxQueued most commands that wait for an answer at a time
 * @param remembersOperations whether operation ids are kept
 * @param home whether calls wait until the store has again what a restart may have lost
 */
record Settings(
        List<Host> hosts,
        boolean cluster,
        String sentinel,
        Login login,
        Login sentinelLogin,
        int database,
        String prefix,
        Tls tls,
        TlsFiles files,
        Duration connectTimeout,
        int maxQueued,
        boolean remembersOperations,
        boolean home) {
    /** How connections are secured. */
    enum Tls {
        /** Verified, but off on loopback. */
        AUTO,
        /** Certificate and host name are verified. */
        VERIFY_FULL,
        /** The certificate is verified. */
        VERIFY_CA,
        /** In the clear. */
        OFF
    }

    /** An address. */
    record Host(String name, int port) {
        boolean loopback() {
            return name.equals("localhost")
                    || name.equals("::1")
                    || LOOPBACK.matcher(name).matches();
        }
    }

    /** A user, "" for the default one, and its password, "" for none. */
    record Login(String user, String password) {
        /** Returns the user only. */
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    /** PEM files: trusted certificates, the client's certificate and its key; "" for none. */
    record TlsFiles(String trust, String certificate, String key) {}

    private static final Pattern LOCATION = Pattern.compile("//(?<hosts>[^@/]+)(?:/(?<database>\\d{0,9}))?");
    private static final Pattern HOST =
            Pattern.compile("(?<name>\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+)(?::(?<port>\\d{1,5}))?");
    private static final Pattern LOOPBACK = Pattern.compile("127\\.\\d+\\.\\d+\\.\\d+");
    private static final Pattern PREFIX_FORM = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final int SERVER_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;

    private static final OptionDescriptor<String> USER =
            OptionDescriptor.text("user", "", "ACL user; empty for the default user");
    private static final OptionDescriptor<String> PASSWORD =
            OptionDescriptor.secret("password", "password of the user; better given by the environment than in a URL");
    private static final OptionDescriptor<Long> DATABASE =
            OptionDescriptor.integer("database", 0, 0, 1_000_000, "number of the database; a cluster has only 0");
    private static final OptionDescriptor<String> KEY_PREFIX = OptionDescriptor.text(
            "prefix", "contextdb:", "what every key and channel begins with, 1 to 64 characters of [A-Za-z0-9._:-]");
    private static final OptionDescriptor<Boolean> CLUSTER =
            OptionDescriptor.flag("cluster", false, "whether the hosts are nodes of a Redis Cluster");
    private static final OptionDescriptor<String> SENTINEL = OptionDescriptor.text(
            "sentinel", "", "name of the primary, if the hosts are sentinels that know where it is");
    private static final OptionDescriptor<String> SENTINEL_USER =
            OptionDescriptor.text("sentinelUser", "", "ACL user of the sentinels");
    private static final OptionDescriptor<String> SENTINEL_PASSWORD =
            OptionDescriptor.secret("sentinelPassword", "password of the sentinels");
    private static final OptionDescriptor<Tls> TLS = OptionDescriptor.choice(
            "tls",
            Tls.AUTO,
            "verify-full (certificate and host name), verify-ca, or off; auto is off on loopback only");
    private static final OptionDescriptor<String> TRUST = OptionDescriptor.text(
            "tlsTrust", "", "PEM file of trusted certificates; empty for those that the JVM trusts");
    private static final OptionDescriptor<String> CERTIFICATE =
            OptionDescriptor.text("tlsCertificate", "", "PEM file of the client's certificate, with tlsPrivateFile");
    private static final OptionDescriptor<String> PRIVATE =
            OptionDescriptor.text("tlsPrivateFile", "", "PEM file of the client's private half of its certificate");
    private static final OptionDescriptor<Duration> CONNECT = OptionDescriptor.duration(
            "connectTimeout",
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofMinutes(5),
            "how long a connection may take to be made");
    private static final OptionDescriptor<Long> QUEUED = OptionDescriptor.integer(
            "maxQueued", 10_000, 1, 1_000_000, "commands that may wait for an answer at a time; more are refused");
    private static final OptionDescriptor<Boolean> REMEMBER = OptionDescriptor.flag(
            "rememberOperations",
            true,
            "whether operation ids are kept for 7 days, about 200 bytes for each batch; without them a write whose answer"
                    + " was lost is not repeated");

    private static final OptionDescriptor<Boolean> HOME = OptionDescriptor.flag(
            "home",
            false,
            "whether calls wait after a restart of the server until it was given again what it may have lost of batches that"
                    + " another store decided; contextdb:scaled: sets it");

    static final List<OptionDescriptor<?>> OPTIONS = List.of(
            USER,
            PASSWORD,
            DATABASE,
            KEY_PREFIX,
            CLUSTER,
            SENTINEL,
            SENTINEL_USER,
            SENTINEL_PASSWORD,
            TLS,
            TRUST,
            CERTIFICATE,
            PRIVATE,
            CONNECT,
            QUEUED,
            REMEMBER,
            HOME);

    static Settings of(BackendConfig config) {
        NetworkLocation network = config.network();
        Matcher location = LOCATION.matcher(network.address());
        if (!location.matches()) {
            throw new InvalidRequestException(
                    "url", "must be contextdb:redis://host:port/database, several hosts parted by commas");
        }
        boolean cluster = config.get(CLUSTER);
        String sentinel = config.get(SENTINEL);
        List<Host> hosts = hosts(location.group("hosts"), sentinel.isEmpty() ? SERVER_PORT : SENTINEL_PORT);
        if (cluster && !sentinel.isEmpty()) {
            throw new InvalidRequestException("sentinel", "cannot be set with cluster=true");
        }
        if (hosts.size() > 1 && !cluster && sentinel.isEmpty()) {
            throw new InvalidRequestException(
                    "url", "names several hosts; say cluster=true or sentinel=<name of the primary>");
        }
        if (cluster && config.get(HOME)) {
            throw new InvalidRequestException(
                    "home", "cannot be a cluster: what one node of it loses, a watermark on another does not tell");
        }
        int database = database(config, location.group("database"));
        if (cluster && database != 0) {
            throw new InvalidRequestException("database", "must be 0 in a cluster, is " + database);
        }
        return new Settings(
                hosts,
                cluster,
                sentinel,
                new Login(either(config.get(USER), network.user()), either(config.get(PASSWORD), network.password())),
                new Login(config.get(SENTINEL_USER), config.get(SENTINEL_PASSWORD)),
                database,
                prefix(config.get(KEY_PREFIX)),
                tls(config.get(TLS), hosts),
                files(config),
                config.get(CONNECT),
                Math.toIntExact(config.get(QUEUED)),
                config.get(REMEMBER),
                config.get(HOME));
    }

    private static List<Host> hosts(String text, int defaultPort) {
        List<Host> hosts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher host = HOST.matcher(part);
            if (!host.matches()) {
                throw new InvalidRequestException("url", "has a host that is not name:port");
            }
            String name = host.group("name").replace("[", "").replace("]", "");
            int port = host.group("port") == null ? defaultPort : Integer.parseInt(host.group("port"));
            if (port < 1 || port > 65_535) {
                throw new InvalidRequestException("url", "has a port that is not in [1, 65535]: " + port);
            }
            hosts.add(new Host(name, port));
        }
        return List.copyOf(hosts);
    }

    private static int database(BackendConfig config, @Nullable String inLocation) {
        return inLocation == null || inLocation.isEmpty()
                ? Math.toIntExact(config.get(DATABASE))
                : Math.toIntExact(DATABASE.parse(inLocation));
    }

    private static String prefix(String prefix) {
        if (!PREFIX_FORM.matcher(prefix).matches()) {
            throw new InvalidRequestException("prefix", "must be 1 to 64 characters of [A-Za-z0-9._:-]");
        }
        return prefix;
    }

    private static Tls tls(Tls asked, List<Host> hosts) {
        return asked != Tls.AUTO ? asked : hosts.stream().allMatch(Host::loopback) ? Tls.OFF : Tls.VERIFY_FULL;
    }

    private static TlsFiles files(BackendConfig config) {
        TlsFiles files = new TlsFiles(config.get(TRUST), config.get(CERTIFICATE), config.get(PRIVATE));
        if (files.certificate().isEmpty() != files.key().isEmpty()) {
            throw new InvalidRequestException("tlsCertificate", "needs tlsPrivateFile, and the other way round");
        }
        return files;
    }

    private static String either(String option, String inLocation) {
        return option.isEmpty() ? inLocation : option;
    }

    /** Returns the parts that hold no secret. */
    @Override
    public String toString() {
        return "Settings[" + hosts + ", cluster " + cluster + ", sentinel " + sentinel + ", tls " + tls + "]";
    }
}
