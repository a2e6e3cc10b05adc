package io.contextdb.backend.redis;

import io.contextdb.tck.ContextDbKit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;

/** The contract, on a Redis Cluster of three primaries. */
@Tag("slow")
class RedisClusterKitTest extends ContextDbKit {
    private static final int SLOTS = 16_384;
    private static List<OwnServer> nodes = List.of();

    @Override
    protected String url() {
        nodes = IntStream.range(0, 3)
                .mapToObj(i -> new OwnServer("--cluster-enabled", "yes", "--cluster-node-timeout", "30000"))
                .toList();
        // The kit looks at the store once more after the last test.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> nodes.forEach(OwnServer::close)));
        for (int i = 0; i < 3; i++) {
            int from = SLOTS * i / 3;
            int to = SLOTS * (i + 1) / 3 - 1;
            OwnServer node = nodes.get(i);
            node.raw(redis ->
                    redis.clusterAddSlots(IntStream.rangeClosed(from, to).toArray()));
            if (i > 0) {
                node.raw(redis -> redis.clusterMeet("127.0.0.1", nodes.get(0).port()));
            }
        }
        for (OwnServer node : nodes) {
            node.raw(redis -> {
                long end = System.nanoTime() + 60_000_000_000L;
                while (!redis.clusterInfo().contains("cluster_state:ok")
                        || !redis.clusterInfo().contains("cluster_known_nodes:3")) {
                    if (System.nanoTime() - end > 0) {
                        throw new IllegalStateException("the cluster did not form: " + redis.clusterInfo());
                    }
                    Thread.onSpinWait();
                }
                return true;
            });
        }
        return "contextdb:redis://127.0.0.1:" + nodes.get(0).port() + ",127.0.0.1:"
                + nodes.get(1).port() + "?cluster=true";
    }
}
