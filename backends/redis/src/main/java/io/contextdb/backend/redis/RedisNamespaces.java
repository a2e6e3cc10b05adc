package io.contextdb.backend.redis;

import static io.contextdb.backend.redis.Names.bytes;

import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lists, measures and drops namespaces. A sorted set names them all; it lives in a slot of its own, so a name is added before
 * its namespace is born and taken away after it is gone, and who lists leaves out names without a namespace.
 */
final class RedisNamespaces implements NamespaceAdmin {
    private final Session session;
    private final boolean remembers;

    RedisNamespaces(Session session, Settings settings) {
        this.session = session;
        this.remembers = settings.remembersOperations();
    }

    /** Adds a name; done before the namespace is born, and again after it was, lest a drop at the same time took it away. */
    void register(NamespaceName namespace, Calls calls, Deadline deadline) {
        calls.read(
                "register namespace",
                deadline,
                commands -> commands.zadd(session.names().namespaces(), 0, bytes(namespace.value())));
    }

    @Override
    public Page<NamespaceName> list(PageRequest page, Deadline deadline) {
        String after = Cursor.read(page, "namespaces");
        List<NamespaceName> found = new ArrayList<>();
        List<NamespaceName> some;
        do {
            some = names(after, page.limit() + 1, deadline);
            found.addAll(existing(some, deadline));
            after = some.isEmpty() ? after : some.getLast().value();
        } while (!some.isEmpty() && found.size() <= page.limit());
        return Page.of(
                found.subList(0, Math.min(found.size(), page.limit() + 1)),
                page.limit(),
                last -> Cursor.of("namespaces", last.value()));
    }

    private List<NamespaceName> names(String after, int limit, Deadline deadline) {
        Range<byte[]> range = after.isEmpty()
                ? Range.unbounded()
                : Range.from(Range.Boundary.excluding(bytes(after)), Range.Boundary.unbounded());
        return session
                .calls()
                .read(
                        "list namespaces",
                        deadline,
                        commands -> commands.zrangebylex(session.names().namespaces(), range, Limit.create(0, limit)))
                .stream()
                .map(name -> NamespaceName.of(Names.text(name)))
                .toList();
    }

    private List<NamespaceName> existing(List<NamespaceName> names, Deadline deadline) {
        List<CompletableFuture<Long>> answers = new ArrayList<>();
        for (NamespaceName name : names) {
            answers.add(session.calls()
                    .send(
                            "list namespaces",
                            deadline,
                            commands -> commands.exists(session.names().root(name))));
        }
        List<NamespaceName> existing = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (session.calls().join("list namespaces", deadline, answers.get(i)) > 0) {
                existing.add(names.get(i));
            }
        }
        return existing;
    }

    @Override
    public NamespaceStatistics statistics(ReadScope scope) {
        session.check(scope);
        List<Object> counts = Script.STATISTICS.read(
                session.calls(), scope.deadline(), session.names().root(scope.namespace()));
        return new NamespaceStatistics(0, 0, 0, 0, 0, (Long) counts.get(0), (Long) counts.get(1), 0);
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        return drop(drop, Drops.Purpose.DROP, session.calls(), deadline);
    }

    CommitToken drop(NamespaceDrop drop, Drops.Purpose purpose, Calls calls, Deadline deadline) {
        NamespaceName namespace = drop.namespace();
        byte[] root = session.names().root(namespace);
        CommitToken token = Drops.drop(drop, remembers, purpose, calls, deadline, root);
        calls.write(
                "drop namespace",
                deadline,
                commands -> commands.zrem(session.names().namespaces(), bytes(namespace.value())));
        // A writer may have let it be born again in between.
        if (calls.read("drop namespace", deadline, commands -> commands.exists(root)) > 0) {
            register(namespace, calls, deadline);
        }
        session.saw(token);
        return token;
    }
}
