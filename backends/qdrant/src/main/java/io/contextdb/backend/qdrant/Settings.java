package io.contextdb.backend.qdrant;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a store is opened with.
 *
 * @param host name or address of the server
 * @param port its gRPC port
 * @param apiKey key that each call carries, or ""
 * @param tls whether connections are encrypted and the server's certificate and name are verified
 * @param trust PEM file of trusted certificates, or "" for those that the JVM trusts
 * @param prefix what the name of every collection begins with
 * @param connectTimeout longest wait for the first answer
 * @param keepAlive how long a connection may be silent before it is asked for a sign of life
 * @param keepAliveTimeout how long that sign may take
 * @param messageBytes greatest answer
 * @param layout how new collections are laid out
 */
record Settings(
        String host,
        int port,
        String apiKey,
        boolean tls,
        String trust,
        String prefix,
        Duration connectTimeout,
        Duration keepAlive,
        Duration keepAliveTimeout,
        int messageBytes,
        Layout layout) {
    /** When connections are encrypted. */
    enum Tls {
        /** Verified, but off on loopback. */
        AUTO,
        /** Certificate and host name are verified. */
        VERIFY_FULL,
        /** In the clear. */
        OFF
    }

    /**
     * How new collections are laid out.
     *
     * @param links links of a point in the graph of its space
     * @param breadth how many candidates the graph's construction looks at
     * @param vectorsOnDisk whether vectors stay on disk instead of in memory
     */
    record Layout(int links, int breadth, boolean vectorsOnDisk) {}

    private static final Pattern LOCATION =
            Pattern.compile("//(?<host>\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(?<port>\\d{1,5}))?/?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]");
    private static final Pattern PREFIX_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int DEFAULT_PORT = 6334;

    private static final OptionDescriptor<String> API_KEY =
            OptionDescriptor.secret("apiKey", "key of the server; better given by the environment than in a URL");
    private static final OptionDescriptor<Tls> TLS = OptionDescriptor.choice(
            "tls", Tls.AUTO, "verify-full (certificate and host name) or off; auto is off on loopback only");
    private static final OptionDescriptor<String> TRUST = OptionDescriptor.text(
            "tlsTrust", "", "PEM file of trusted certificates; empty for those that the JVM trusts");
    private static final OptionDescriptor<String> COLLECTION_PREFIX = OptionDescriptor.text(
            "prefix", "contextdb_", "what every collection's name begins with, 1 to 64 characters of [A-Za-z0-9._-]");
    private static final OptionDescriptor<Duration> CONNECT = OptionDescriptor.duration(
            "connectTimeout",
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofMinutes(5),
            "how long the server may take to answer for the first time");
    private static final OptionDescriptor<Duration> KEEP_ALIVE = OptionDescriptor.duration(
            "keepAlive",
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            "how long a connection may be silent before it is asked for a sign of life");
    private static final OptionDescriptor<Duration> KEEP_ALIVE_TIMEOUT = OptionDescriptor.duration(
            "keepAliveTimeout",
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofMinutes(1),
            "how long that sign may take before the connection counts as broken");
    private static final OptionDescriptor<Long> MESSAGE = OptionDescriptor.integer(
            "maxMessageBytes", 64L << 20, 4 << 20, 1 << 30, "greatest answer; what is greater is asked for in parts");
    private static final OptionDescriptor<Long> LINKS = OptionDescriptor.integer(
            "hnswLinks", 16, 4, 512, "links of a point in the graph of its space (m), for collections that are new");
    private static final OptionDescriptor<Long> BREADTH = OptionDescriptor.integer(
            "hnswBreadth",
            100,
            4,
            10_000,
            "candidates that the construction of the graph looks at (ef_construct), for collections that are new");
    private static final OptionDescriptor<Boolean> ON_DISK = OptionDescriptor.flag(
            "vectorsOnDisk", false, "whether vectors stay on disk instead of in memory, for collections that are new");

    static final List<OptionDescriptor<?>> OPTIONS = List.of(
            API_KEY,
            TLS,
            TRUST,
            COLLECTION_PREFIX,
            CONNECT,
            KEEP_ALIVE,
            KEEP_ALIVE_TIMEOUT,
            MESSAGE,
            LINKS,
            BREADTH,
            ON_DISK);

    static Settings of(BackendConfig config) {
        Matcher location = LOCATION.matcher(config.location());
        if (!location.matches()) {
            throw new InvalidRequestException("url", "must be contextdb:qdrant://host:port");
        }
        String host = location.group("host");
        int port = location.group("port") == null ? DEFAULT_PORT : Integer.parseInt(location.group("port"));
        if (port < 1 || port > 65_535) {
            throw new InvalidRequestException("url", "has port " + port + "; ports are 1 to 65535");
        }
        String prefix = config.get(COLLECTION_PREFIX);
        if (!PREFIX_FORM.matcher(prefix).matches()) {
            throw new InvalidRequestException("prefix", "must be 1 to 64 characters of [A-Za-z0-9._-]");
        }
        boolean tls = switch (config.get(TLS)) {
            case AUTO -> !LOOPBACK.matcher(host).matches();
            case VERIFY_FULL -> true;
            case OFF -> false;
        };
        if (!tls && !config.get(TRUST).isEmpty()) {
            throw new InvalidRequestException("tlsTrust", "is of no use without tls=verify-full");
        }
        return new Settings(
                host,
                port,
                config.get(API_KEY),
                tls,
                config.get(TRUST),
                prefix,
                config.get(CONNECT),
                config.get(KEEP_ALIVE),
                config.get(KEEP_ALIVE_TIMEOUT),
                Math.toIntExact(config.get(MESSAGE)),
                new Layout(
                        Math.toIntExact(config.get(LINKS)), Math.toIntExact(config.get(BREADTH)), config.get(ON_DISK)));
    }

    /** Returns the settings without the key. */
    @Override
    public String toString() {
        return "Settings[" + host + ":" + port + ", prefix " + prefix + (tls ? ", TLS" : "") + "]";
    }
}
