package io.contextdb.backend.redis;

import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.Outcome;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes connections to one server (also behind sentinels) or to a cluster, and owns the client and its threads. */
final class Connectors {
    private static final long SHUTDOWN_SECONDS = 5;
    private static final String RUN_ID = "run_id:";

    private Connectors() {}

    /** Opens a connector; threads are those of {@code lent}, or its own. Nothing stays behind if it fails. */
    static Link open(Settings settings, Optional<ClientResources> lent) {
        ClientResources resources = lent.orElseGet(ClientResources::create);
        Link.Connector connector = settings.cluster()
                ? new Cluster(settings, resources, lent.isEmpty())
                : new Single(settings, resources, lent.isEmpty());
        try {
            return new Link(connector);
        } catch (RedisException failed) {
            connector.close();
            throw RedisErrors.of(failed, Outcome.NOT_APPLIED);
        } catch (RuntimeException failed) {
            connector.close();
            throw failed;
        }
    }

    private static final class Single implements Link.Connector {
        private final Settings settings;
        private final RedisURI address;
        private final RedisClient client;
        private final RedisClient messages;
        private final ClientResources resources;
        private final boolean owned;

        Single(Settings settings, ClientResources resources, boolean owned) {
            this.settings = settings;
            this.address = Clients.addresses(settings).get(0);
            this.resources = resources;
            this.owned = owned;
            client = RedisClient.create(resources);
            // A connection leads to one life of the server: whoever needs another makes a new one.
            client.setOptions(Clients.options(settings, false));
            messages = RedisClient.create(resources);
            messages.setOptions(Clients.options(settings, true));
        }

        @Override
        public Link.Connection connect() {
            StatefulRedisConnection<byte[], byte[]> connection = within(
                    settings,
                    client.connectAsync(ByteArrayCodec.INSTANCE, address).toCompletableFuture());
            String life;
            try {
                life = life(within(settings, connection.async().info("server").toCompletableFuture()));
            } catch (RuntimeException failed) {
                connection.close();
                throw failed;
            }
            return new Link.Connection() {
                @Override
                public RedisClusterAsyncCommands<byte[], byte[]> commands() {
                    return connection.async();
                }

                @Override
                public boolean isOpen() {
                    return connection.isOpen();
                }

                @Override
                public String life() {
                    return life;
                }

                @Override
                public List<RedisClusterAsyncCommands<byte[], byte[]>> primaries() {
                    return List.of(connection.async());
                }

                @Override
                public RedisClusterAsyncCommands<byte[], byte[]> primaryOf(byte[] key) {
                    return connection.async();
                }

                @Override
                public void close() {
                    connection.close();
                }
            };
        }

        /** The server's own name for its process, which a restart and a fail-over change. */
        private static String life(String info) {
            return info.lines()
                    .filter(line -> line.startsWith(RUN_ID))
                    .map(line -> line.substring(RUN_ID.length()).strip())
                    .findFirst()
                    .orElseThrow(() -> new CorruptDataException("Redis does not tell its run_id", null));
        }

        @Override
        public StatefulRedisPubSubConnection<String, String> connectForMessages() {
            return within(
                    settings,
                    messages.connectPubSubAsync(StringCodec.UTF8, address).toCompletableFuture());
        }

        @Override
        public void close() {
            try {
                messages.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            } finally {
                shutDown(client, resources, owned);
            }
        }
    }

    private static final class Cluster implements Link.Connector {
        private final Settings settings;
        private final RedisClusterClient client;
        private final ClientResources resources;
        private final boolean owned;

        Cluster(Settings settings, ClientResources resources, boolean owned) {
            this.settings = settings;
            this.resources = resources;
            this.owned = owned;
            client = RedisClusterClient.create(resources, Clients.addresses(settings));
            client.setOptions(Clients.clusterOptions(settings));
        }

        @Override
        public Link.Connection connect() {
            client.refreshPartitions();
            StatefulRedisClusterConnection<byte[], byte[]> connection =
                    within(settings, client.connectAsync(ByteArrayCodec.INSTANCE));
            return new Link.Connection() {
                @Override
                public RedisClusterAsyncCommands<byte[], byte[]> commands() {
                    return connection.async();
                }

                @Override
                public boolean isOpen() {
                    // Connections to the nodes are Lettuce's business.
                    return true;
                }

                @Override
                public String life() {
                    return "";
                }

                @Override
                public List<RedisClusterAsyncCommands<byte[], byte[]>> primaries() {
                    return connection.getPartitions().stream()
                            .filter(node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM)
                                    && !node.getSlots().isEmpty())
                            .<RedisClusterAsyncCommands<byte[], byte[]>>map(node ->
                                    connection.getConnection(node.getNodeId()).async())
                            .toList();
                }

                @Override
                public RedisClusterAsyncCommands<byte[], byte[]> primaryOf(byte[] key) {
                    RedisClusterNode node = connection.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
                    if (node == null) {
                        throw new ContextUnavailableException("Redis: no node of the cluster has the slot of a key");
                    }
                    return connection.getConnection(node.getNodeId()).async();
                }

                @Override
                public void close() {
                    connection.close();
                }
            };
        }

        @Override
        public StatefulRedisPubSubConnection<String, String> connectForMessages() {
            return within(settings, client.connectPubSubAsync(StringCodec.UTF8));
        }

        @Override
        public void close() {
            shutDown(client, resources, owned);
        }
    }

    private static <T> T within(Settings settings, Future<T> connection) {
        try {
            // Looking up the address, the handshakes of TCP and TLS and the login each have the time-out.
            return connection.get(settings.connectTimeout().toNanos() * 2, TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RedisException redis ? redis : new RedisException(failed.getCause());
        } catch (TimeoutException late) {
            connection.cancel(true);
            throw new ContextUnavailableException(
                    "Redis: no connection within " + settings.connectTimeout().multipliedBy(2),
                    Outcome.NOT_APPLIED,
                    late);
        } catch (InterruptedException interrupted) {
            connection.cancel(true);
            Thread.currentThread().interrupt();
            throw new ContextTimeoutException(
                    "Redis: the thread was interrupted while connecting", Outcome.NOT_APPLIED, interrupted);
        }
    }

    private static void shutDown(AbstractRedisClient client, ClientResources resources, boolean owned) {
        boolean interrupted = Thread.interrupted();
        client.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        if (owned) {
            resources
                    .shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
