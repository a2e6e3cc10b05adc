package io.contextdb.backend.redis;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the servers are set to, and which promises that breaks; of several primaries the weakest counts. A setting that the
 * server does not show is taken as the one that promises less.
 *
 * @param product Redis or Valkey
 * @param version of the first primary
 * @param evicts whether keys may vanish when memory is short
 * @param syncs whether each write is on disk before it is answered
 * @param refusesTorn whether they do not start from an append-only file that a crash tore, instead of cutting it
 * @param details settings and broken promises, for people
 */
record Server(
        String product,
        String version,
        boolean evicts,
        boolean syncs,
        boolean refusesTorn,
        Map<String, String> details) {
    private static final int LEAST_MAJOR = 6;
    private static final int LEAST_MINOR = 2;
    private static final String UNKNOWN = "unknown";
    private static final String WHOLE = "promise.wholeBatches";
    private static final String CRASH_SAFE = "promise.crashSafe";
    private static final String HOLDS = "holds";
    private static final String LOAD_TRUNCATED = "aof-load-truncated";

    /** Returns whether something that is promised elsewhere does not hold on these servers. */
    boolean weak() {
        return evicts
                || !syncs
                || !details.getOrDefault(WHOLE, HOLDS).equals(HOLDS)
                || details.keySet().stream().anyMatch(name -> name.startsWith("trouble."));
    }

    static Server ask(Link link, Deadline deadline) {
        List<String> infos = link.eachPrimary("server information", deadline, commands -> commands.info());
        List<Map<String, String>> appends = configuration(link, deadline, "append*");
        List<Map<String, String>> rewrites = configuration(link, deadline, "no-appendfsync-on-rewrite");
        List<Map<String, String>> loads = configuration(link, deadline, "aof-load-*");
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < infos.size(); i++) {
            Map<String, String> settings = parse(infos.get(i));
            settings.putAll(i < appends.size() ? appends.get(i) : Map.of());
            settings.putAll(i < rewrites.size() ? rewrites.get(i) : Map.of());
            servers.add(of(settings, i < loads.size() ? loads.get(i) : Map.of()));
        }
        if (servers.isEmpty()) {
            throw new InvalidRequestException("url", "names a cluster without a primary that holds slots");
        }
        Map<String, String> details = new TreeMap<>();
        servers.reversed().forEach(server -> details.putAll(server.details()));
        details.put("server.primaries", Integer.toString(servers.size()));
        Server first = servers.get(0);
        return new Server(
                first.product(),
                first.version(),
                servers.stream().anyMatch(Server::evicts),
                servers.stream().allMatch(Server::syncs),
                servers.stream().allMatch(Server::refusesTorn),
                details);
    }

    /** Returns the same with what is known of how batches survive crashes. */
    Server with(LogRenewal log) {
        Map<String, String> all = new TreeMap<>(details);
        all.put(WHOLE, HOLDS);
        log.broken().ifPresent(why -> {
            String broken = "does not hold: half a batch may come back after two crashes: " + why;
            all.put(WHOLE, broken);
            all.computeIfPresent(CRASH_SAFE, (name, said) -> said.equals(HOLDS) ? broken : said);
        });
        return new Server(product, version, evicts, syncs, refusesTorn, all);
    }

    /** Returns whether what was acknowledged survives a crash, and batches whole. */
    boolean crashSafe() {
        return !evicts && HOLDS.equals(details.get(CRASH_SAFE));
    }

    /** CONFIG may be forbidden; what it would say is unknown then. */
    private static List<Map<String, String>> configuration(Link link, Deadline deadline, String pattern) {
        try {
            return link.eachPrimary("server configuration", deadline, commands -> commands.configGet(pattern));
        } catch (ContextException forbidden) {
            return List.of();
        }
    }

    private static Server of(Map<String, String> settings, Map<String, String> loads) {
        boolean valkey = settings.containsKey("valkey_version");
        String version = settings.getOrDefault(valkey ? "valkey_version" : "redis_version", "0");
        String policy = settings.getOrDefault("maxmemory_policy", UNKNOWN);
        boolean bounded = !settings.getOrDefault("maxmemory", UNKNOWN).equals("0");
        boolean evicts = bounded && !policy.equals("noeviction");
        String sync = settings.getOrDefault("appendfsync", UNKNOWN);
        boolean appends = settings.getOrDefault("aof_enabled", "0").equals("1");
        boolean syncs = appends
                && sync.equals("always")
                && settings.getOrDefault("no-appendfsync-on-rewrite", UNKNOWN).equals("no");
        Map<String, String> details = new TreeMap<>();
        details.put("server.mode", settings.getOrDefault("redis_mode", UNKNOWN));
        details.put("server.role", settings.getOrDefault("role", UNKNOWN));
        details.put("server.eviction", bounded ? policy : "none: no limit of memory");
        details.put("server.persistence", appends ? "append-only file, fsync " + sync : "no append-only file");
        details.put(
                "promise.keysStay",
                evicts ? "does not hold: " + policy + " removes keys when memory is short" : "holds");
        details.put(CRASH_SAFE, syncs ? HOLDS : "does not hold: " + lost(appends, sync));
        trouble(details, settings, "aof_last_write_status", "ok");
        trouble(details, settings, "aof_last_bgrewrite_status", "ok");
        trouble(details, settings, "rdb_last_bgsave_status", "ok");
        trouble(details, settings, "loading", "0");
        trouble(details, settings, "role", "master");
        // Newer servers cut off more than a torn tail where another setting of that name says so.
        boolean refusesTorn = loads.containsKey(LOAD_TRUNCATED)
                && loads.values().stream().allMatch(value -> value.equals("no") || value.equals("0"));
        return new Server(valkey ? "Valkey" : Link.PRODUCT, version, evicts, syncs, refusesTorn, details);
    }

    private static String lost(boolean appends, String sync) {
        return !appends
                ? "a crash of the server loses what was written since its last snapshot"
                : sync.equals("always")
                        ? "writes are not synced while the file is rewritten (no-appendfsync-on-rewrite)"
                        : "a crash may lose what was written since the last fsync (appendfsync " + sync + ")";
    }

    private static void trouble(Map<String, String> details, Map<String, String> settings, String name, String well) {
        String value = settings.getOrDefault(name, well);
        if (!value.equals(well)) {
            details.put("trouble." + name, value);
        }
    }

    /** Returns what INFO says, by name. */
    static Map<String, String> parse(String info) {
        Map<String, String> settings = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                settings.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return settings;
    }

    /** Refuses a user who may not do what batches need. */
    static void checkRights(Link link, Names names, Deadline deadline) {
        List<String> missing = Script.RIGHTS.read(link, deadline, names.root(NamespaceName.of("rights"))).stream()
                .map(Names::text)
                .toList();
        if (!missing.isEmpty()) {
            throw new AccessDeniedException(
                    "Redis: the user may not use " + String.join(", ", missing) + " on keys that begin with '"
                            + names.prefix() + "'; grant +@all ~" + names.prefix() + "* &" + names.prefix() + "*",
                    null);
        }
    }

    /** Refuses servers that this backend cannot work with. */
    void check(boolean asCluster) {
        String compatible = details.getOrDefault("server.mode", UNKNOWN);
        if (!asCluster && compatible.equals("cluster")) {
            throw new InvalidRequestException("cluster", "must be true: the server is a node of a cluster");
        }
        String[] parts = version.split("\\.", 3);
        int major = parts[0].isEmpty() ? 0 : Integer.parseInt(parts[0]);
        int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        if (major < LEAST_MAJOR || (major == LEAST_MAJOR && minor < LEAST_MINOR)) {
            throw new UnsupportedCapabilityException(
                    "KEYS (needs Redis " + LEAST_MAJOR + "." + LEAST_MINOR + " or newer)", product + " " + version);
        }
    }
}
