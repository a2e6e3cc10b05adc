package io.contextdb.backend.redis;

import io.contextdb.spi.Backend;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.Remains;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.UnsupportedCapabilityException;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** A Redis, open: a batch is one script call, or part of one. Thread-safe. */
final class RedisBackend implements Backend {
    /** Payloads of events are read some at a time inside of scripts, so they are smaller than values of keys. */
    private static final Limits LIMITS = new Limits(10_000, 64L << 20, 16 << 20, 1 << 20, 0, 1_000);

    private final Session session;
    private final Settings settings;
    private final boolean evicts;
    private final BatchWriter writer;
    private final LogRenewal log;
    private volatile BackendInfo info;
    private final RedisNamespaces namespaces;
    private final RedisKeys keys;
    private final RedisEvents events;

    RedisBackend(Link link, Settings settings, Server server, LogRenewal log) {
        session = new Session(link, new Names(settings.prefix()), settings.home());
        this.settings = settings;
        this.log = log;
        evicts = server.evicts();
        info = info(settings, server);
        namespaces = new RedisNamespaces(session, settings);
        log.onNewConnection(this::lookAgain);
        writer = new BatchWriter(session, namespaces, settings);
        keys = new RedisKeys(session);
        events = new RedisEvents(session, new EventSignal(link, session.names()));
    }

    /** A server that was restarted, or took another's place, may be set to less. */
    private void lookAgain(Deadline deadline) {
        info = info(settings, Server.ask(session.link(), deadline).with(log));
    }

    private static BackendInfo info(Settings settings, Server server) {
        Set<Capability> capabilities = EnumSet.of(
                Capability.KEYS,
                Capability.RATE_LIMITS,
                Capability.EVENTS,
                Capability.CONSUMER_GROUPS,
                Capability.AGGREGATES,
                Capability.ERASURE);
        if (server.crashSafe()) {
            capabilities.add(Capability.CRASH_SAFE);
        }
        Map<String, String> details = new TreeMap<>(server.details());
        details.put("tls", settings.tls().name());
        // An id that may be evicted cannot be relied on.
        boolean lasting = settings.remembersOperations() && !server.evicts();
        return new BackendInfo(
                server.product(),
                server.version(),
                capabilities,
                LIMITS,
                Atomicity.BATCH,
                lasting ? Idempotency.OPERATION_ID : Idempotency.NATURAL,
                details);
    }

    @Override
    public BackendInfo info() {
        return info;
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        return writer.apply(batch, deadline);
    }

    @Override
    public Remains remains(ReadScope scope, Collection<UUID> ids) {
        Map<Remains.Kind, Long> counts = new EnumMap<>(Remains.Kind.class);
        counts.putAll(Backend.super.remains(scope, ids).counts());
        counts.put(
                Remains.Kind.KEYS,
                keys.about(scope, ids.stream().distinct().map(UUID::toString).toList()));
        return new Remains(counts);
    }

    @Override
    public Optional<Participant> participant() {
        if (settings.cluster()) {
            throw cannotTakePart(
                    "a single primary: what one node of a cluster loses, a watermark on another does not tell");
        }
        if (!settings.remembersOperations()) {
            throw cannotTakePart("rememberOperations=true: a batch that is finished twice must be applied once");
        }
        if (evicts) {
            throw cannotTakePart("a server that evicts no keys: a hold must stay");
        }
        log.broken().ifPresent(why -> {
            throw cannotTakePart("that no half of a batch comes back after crashes of the server: " + why);
        });
        return Optional.of(new RedisParticipant(session, writer, namespaces));
    }

    private UnsupportedCapabilityException cannotTakePart(String needs) {
        return new UnsupportedCapabilityException("PARTICIPANT, which needs " + needs, info.product());
    }

    @Override
    public KeyReader keys() {
        return keys;
    }

    @Override
    public EventReader events() {
        return events;
    }

    @Override
    public NamespaceAdmin namespaces() {
        return namespaces;
    }

    @Override
    public Health health(Deadline deadline) {
        long start = System.nanoTime();
        try {
            Server server = Server.ask(session.link(), deadline).with(log);
            Duration roundTrip = Duration.ofNanos(System.nanoTime() - start);
            return new Health(server.weak() ? Health.Status.DEGRADED : Health.Status.UP, roundTrip, server.details());
        } catch (ContextException down) {
            return new Health(
                    Health.Status.DOWN,
                    Duration.ofNanos(System.nanoTime() - start),
                    Map.of("error", String.valueOf(down.getMessage())));
        }
    }

    @Override
    public void close() {
        session.link().close();
    }
}
