package io.contextdb.arguments;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.Remains;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import io.contextdb.spi.document.DocumentReader;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.graph.GraphReader;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.vector.VectorReader;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.GraphMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** An empty store that offers everything, does nothing, and hands on whatever reaches it. */
final class RecordingBackend implements Backend, BackendProvider {
    private final SentTexts sent;

    RecordingBackend(SentTexts sent) {
        this.sent = sent;
    }

    @Override
    public String scheme() {
        return "recording";
    }

    @Override
    public String description() {
        return "Shows what reaches a backend.";
    }

    @Override
    public List<OptionDescriptor<?>> options() {
        return List.of();
    }

    @Override
    public Backend open(BackendConfig config) {
        return this;
    }

    @Override
    public BackendInfo info() {
        return new BackendInfo(
                "recording",
                "1",
                EnumSet.allOf(Capability.class),
                Limits.DEFAULT,
                Atomicity.BATCH,
                Idempotency.OPERATION_ID,
                Map.of());
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        sent.look(batch);
        return new WriteReceipt(
                batch.operationId(),
                batch.mutations().stream().map(RecordingBackend::result).toList(),
                CommitToken.NONE,
                Instant.EPOCH);
    }

    private static MutationResult result(Mutation mutation) {
        return switch (mutation) {
            case KeyMutation.Increment increment -> new MutationResult.Counter(1, 1);
            case KeyMutation.Acquire acquire -> new MutationResult.Permits(true, 1, Duration.ZERO);
            case EventMutation.Append append -> new MutationResult.Appended(EventPosition.START);
            case EventMutation.Claim claim -> new MutationResult.Claimed(List.of());
            case GraphMutation.PutNode put -> new MutationResult.Written(1);
            case GraphMutation.PutEdge put -> new MutationResult.Written(1);
            case GraphMutation.RetractNode retract -> new MutationResult.Written(1);
            case GraphMutation.RetractEdge retract -> new MutationResult.Written(1);
            case KeyMutation.PutKey put -> new MutationResult.Written(1);
            case KeyMutation.Expire expire -> new MutationResult.Written(1);
            case DocumentMutation.PutDocument put -> new MutationResult.Written(1);
            case DocumentMutation.PatchDocument patch -> new MutationResult.Written(1);
            case VectorMutation.CreateSpace create -> new MutationResult.Done();
            case VectorMutation.PutPoint put -> new MutationResult.Done();
            default -> new MutationResult.Removed(0);
        };
    }

    @Override
    public GraphReader graph() {
        return reader(GraphReader.class);
    }

    @Override
    public VectorReader vectors() {
        return reader(VectorReader.class);
    }

    @Override
    public KeyReader keys() {
        return reader(KeyReader.class);
    }

    @Override
    public EventReader events() {
        return reader(EventReader.class);
    }

    @Override
    public DocumentReader documents() {
        return reader(DocumentReader.class);
    }

    @Override
    public NamespaceAdmin namespaces() {
        return reader(NamespaceAdmin.class);
    }

    private <R> R reader(Class<R> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    for (Object argument : arguments) {
                        sent.look(argument);
                    }
                    return nothing(method, arguments);
                }));
    }

    private static Object nothing(Method method, Object[] arguments) {
        Class<?> type = method.getReturnType();
        boolean perQuery = method.getName().startsWith("search");
        return type == Page.class
                ? Page.last(List.of())
                : type == List.class
                        ? perQuery
                                ? ((List<?>) arguments[1])
                                        .stream().map(query -> List.of()).toList()
                                : List.of()
                        : type == Map.class
                                ? Map.of()
                                : type == long.class
                                        ? (Object) 0L
                                        : type == EventPosition.class
                                                ? EventPosition.START
                                                : type == NamespaceStatistics.class ? NamespaceStatistics.EMPTY : null;
    }

    @Override
    public Remains remains(ReadScope scope, Collection<java.util.UUID> ids) {
        return new Remains(Map.of());
    }

    @Override
    public Health health(Deadline deadline) {
        return new Health(Health.Status.UP, Duration.ZERO, Map.of());
    }

    @Override
    public void close() {}
}
