package io.contextdb.scaled;

import io.contextdb.tck.fault.Fault;
import io.contextdb.tck.fault.FaultProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The three stores of the fault matrix, and the proxies before them: each driver has its own, so that one may be cut off alone. */
final class FaultyStores implements AutoCloseable {
    /** How many drivers use them. */
    static final int DRIVERS = 2;

    final OwnPostgresql postgresql;
    final OwnServer redis;
    final OwnServer qdrant;
    private final List<Map<Store, FaultProxy>> proxies = new ArrayList<>();

    /** One of the stores. */
    enum Store {
        POSTGRESQL,
        REDIS,
        QDRANT
    }

    FaultyStores(long seed) {
        postgresql = new OwnPostgresql("scaled-faults");
        redis = OwnServer.redis("always");
        qdrant = OwnServer.qdrant();
        for (int driver = 0; driver < DRIVERS; driver++) {
            Map<Store, FaultProxy> own = new EnumMap<>(Store.class);
            for (Store store : Store.values()) {
                own.put(store, FaultProxy.before(address(url(store)), seed + driver));
            }
            proxies.add(own);
        }
    }

    private String url(Store store) {
        return switch (store) {
            case POSTGRESQL -> postgresql.url();
            case REDIS -> redis.url();
            case QDRANT -> qdrant.url();
        };
    }

    private static InetSocketAddress address(String url) {
        URI uri = URI.create(url);
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    /** Returns the URL of the three for a driver, in a schema and under prefixes of a name. */
    String url(String name, int driver) {
        return Servers.named(
                name, through(Store.POSTGRESQL, driver), through(Store.REDIS, driver), through(Store.QDRANT, driver));
    }

    private String through(Store store, int driver) {
        InetSocketAddress proxy = proxies.get(driver).get(store).address();
        String url = url(store);
        return url.replace(URI.create(url).getAuthority(), proxy.getHostString() + ":" + proxy.getPort());
    }

    /** Makes a fault between all drivers and a store. */
    void make(Store store, Fault fault) {
        proxies.forEach(own -> own.get(store).make(fault));
    }

    /** Makes a fault between one driver and a store. */
    void make(Store store, int driver, Fault fault) {
        proxies.get(driver).get(store).make(fault);
    }

    /** Ends all faults between the drivers and a store. */
    void heal(Store store) {
        make(store, new Fault.None());
    }

    @Override
    public void close() {
        proxies.forEach(own -> own.values().forEach(FaultProxy::close));
        qdrant.close();
        redis.close();
        postgresql.close();
    }
}
