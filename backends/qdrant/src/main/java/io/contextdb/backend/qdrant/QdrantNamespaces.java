package io.contextdb.backend.qdrant;

import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.NamespaceDrop;
import java.util.List;
import java.util.TreeSet;

/** Lists, measures and drops namespaces. Thread-safe. */
final class QdrantNamespaces implements NamespaceAdmin {
    private static final String LIST = "namespaces";

    private final Registry registry;
    private final Spaces spaces;
    private final QdrantVectors vectors;
    private final Tokens tokens;

    QdrantNamespaces(Registry registry, Spaces spaces, QdrantVectors vectors, Tokens tokens) {
        this.registry = registry;
        this.spaces = spaces;
        this.vectors = vectors;
        this.tokens = tokens;
    }

    /** Looks at all names for each page, since the server does not order texts, and keeps those of the page only. */
    @Override
    public Page<NamespaceName> list(PageRequest page, Deadline deadline) {
        String after = Cursor.read(page, LIST);
        TreeSet<String> first = new TreeSet<>(CodePointOrder.INSTANCE);
        registry.namespaces(deadline, name -> {
            if (CodePointOrder.INSTANCE.compare(name, after) > 0) {
                first.add(name);
                if (first.size() > page.limit() + 1) {
                    first.pollLast();
                }
            }
        });
        List<NamespaceName> read = first.stream().map(NamespaceName::of).toList();
        return Page.of(read, page.limit(), last -> Cursor.of(LIST, last.value()));
    }

    @Override
    public NamespaceStatistics statistics(ReadScope scope) {
        tokens.check(scope.atLeast());
        long points = registry.spaces(scope.namespace(), scope.deadline()).stream()
                .filter(Registry.Entry::live)
                .mapToLong(entry -> vectors.count(entry.space(), entry.key(), scope))
                .sum();
        return new NamespaceStatistics(0, 0, 0, 0, points, 0, 0, 0);
    }

    /** Operation ids are not remembered, so the driver does not repeat it; who repeats it drops what was written meanwhile. */
    @Override
    public CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        NamespaceName namespace = drop.namespace();
        for (Registry.Entry entry : registry.spaces(namespace, deadline)) {
            spaces.drop(namespace, entry.space().name(), UuidV7.next(), deadline);
        }
        registry.remove(namespace, deadline);
        // A space may have been created in between.
        if (!registry.spaces(namespace, deadline).isEmpty()) {
            registry.enter(namespace, deadline);
        }
        return CommitToken.NONE;
    }
}
