package io.contextdb.backend.redis;

import io.contextdb.spi.error.InvalidRequestException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import java.io.File;
import java.time.Duration;
import java.util.List;

/**
 * How Lettuce is set up: what was sent once is never sent again after a reconnect, nothing is taken while there is no
 * connection, and only so many commands wait at a time.
 */
final class Clients {
    private static final String NAME = "contextdb";
    private static final Duration TOPOLOGY = Duration.ofSeconds(30);

    private Clients() {}

    static ClientOptions options(Settings settings, boolean reconnects) {
        return fill(ClientOptions.builder(), settings).autoReconnect(reconnects).build();
    }

    static ClusterClientOptions clusterOptions(Settings settings) {
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(TOPOLOGY)
                .build();
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        fill(builder, settings);
        return builder.topologyRefreshOptions(refresh).build();
    }

    private static ClientOptions.Builder fill(ClientOptions.Builder builder, Settings settings) {
        SocketOptions socket = SocketOptions.builder()
                .connectTimeout(settings.connectTimeout())
                .keepAlive(SocketOptions.KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(30))
                        .interval(Duration.ofSeconds(10))
                        .count(3)
                        .build())
                .build();
        return builder.replayFilter(command -> true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(settings.maxQueued())
                .socketOptions(socket)
                .sslOptions(ssl(settings.files()))
                // Each call waits for its own deadline, so Lettuce needs no timer for each command.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build());
    }

    private static SslOptions ssl(Settings.TlsFiles files) {
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
        if (!files.trust().isEmpty()) {
            ssl.trustManager(readable("tlsTrust", files.trust()));
        }
        if (!files.certificate().isEmpty()) {
            ssl.keyManager(
                    readable("tlsCertificate", files.certificate()),
                    readable("tlsPrivateFile", files.key()),
                    new char[0]);
        }
        return ssl.build();
    }

    private static File readable(String option, String path) {
        File file = new File(path);
        if (!file.canRead()) {
            throw new InvalidRequestException(option, "names a file that cannot be read: " + path);
        }
        return file;
    }

    /** Returns the addresses; one with all sentinels if sentinels are asked. */
    static List<RedisURI> addresses(Settings settings) {
        if (settings.sentinel().isEmpty()) {
            return settings.hosts().stream()
                    .map(host -> common(RedisURI.builder().withHost(host.name()).withPort(host.port()), settings))
                    .map(builder -> login(builder, settings.login()))
                    .map(RedisURI.Builder::build)
                    .toList();
        }
        RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId(settings.sentinel());
        for (Settings.Host host : settings.hosts()) {
            RedisURI.Builder sentinel =
                    common(RedisURI.builder().withHost(host.name()).withPort(host.port()), settings);
            builder.withSentinel(login(sentinel, settings.sentinelLogin()).build());
        }
        return List.of(login(common(builder, settings), settings.login()).build());
    }

    private static RedisURI.Builder common(RedisURI.Builder builder, Settings settings) {
        boolean tls = settings.tls() != Settings.Tls.OFF;
        return builder.withDatabase(settings.database())
                .withClientName(NAME)
                .withTimeout(settings.connectTimeout())
                .withSsl(tls)
                .withVerifyPeer(settings.tls() == Settings.Tls.VERIFY_CA ? SslVerifyMode.CA : SslVerifyMode.FULL);
    }

    private static RedisURI.Builder login(RedisURI.Builder builder, Settings.Login login) {
        if (!login.user().isEmpty()) {
            return builder.withAuthentication(login.user(), login.password().toCharArray());
        }
        return login.password().isEmpty()
                ? builder
                : builder.withPassword(login.password().toCharArray());
    }
}
