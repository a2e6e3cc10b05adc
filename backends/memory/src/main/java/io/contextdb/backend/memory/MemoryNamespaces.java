package io.contextdb.backend.memory;

import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.NamespaceDrop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lists, measures and drops the namespaces of a store; one is listed from its first commit until it is dropped. */
record MemoryNamespaces(Session session) implements NamespaceAdmin {
    @Override
    public Page<NamespaceName> list(PageRequest page, Deadline deadline) {
        session.check("namespaces", deadline);
        Map<NamespaceName, Namespace> rest = session.store().namespaces();
        for (String after : Cursor.read(page, "namespaces", 1)) {
            rest = session.store().namespaces().tailMap(name(after), false);
        }
        List<NamespaceName> read = new ArrayList<>();
        for (Map.Entry<NamespaceName, Namespace> entry : rest.entrySet()) {
            if (entry.getValue().state().commit() > 0) {
                read.add(entry.getKey());
            }
            if (read.size() > page.limit()) {
                break;
            }
        }
        return Page.of(read, page.limit(), last -> Cursor.of("namespaces", last));
    }

    private static NamespaceName name(String text) {
        try {
            return NamespaceName.of(text);
        } catch (InvalidRequestException notName) {
            throw Cursor.malformed();
        }
    }

    @Override
    public NamespaceStatistics statistics(ReadScope scope) {
        NamespaceState state = session.state(scope);
        GraphState graph = state.graph();
        return new NamespaceStatistics(
                graph.nodes().size(),
                graph.nodeVersions(),
                graph.edges().size(),
                graph.sources().size(),
                state.vectors().size(),
                state.keys().live(session.store().clock().millis()),
                state.events().log().size(),
                state.documents().size());
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        session.check("drop", deadline);
        return session.store().drop(drop, Bytes.EMPTY, () -> {}, false, deadline);
    }
}
