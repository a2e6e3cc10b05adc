package io.contextdb.tck.fault;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.Health;
import io.contextdb.spi.NamespaceAdmin;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.capability.Limits;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.value.UuidV7;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Speaks to a {@link WireServer}; with a defect, if one is wanted. */
final class WireBackend implements Backend, KeyReader, NamespaceAdmin {
    /** Mistakes of clients. */
    enum Defect {
        NONE,
        /** Waits for an answer as long as it takes. */
        NO_DEADLINE,
        /** Says of every failure that nothing was applied. */
        NEVER_UNKNOWN,
        /** Takes the end of a connection for the end of an answer. */
        SHORT_ANSWERS,
        /** Makes an operation id of its own. */
        OWN_OPERATION_ID,
        /** Acknowledges when the request was sent. */
        TOO_EARLY,
        /** Connects when first asked. */
        LAZY
    }

    /** What finds it: {@code contextdb:wire-none://host:port}. */
    record Provider(String scheme, Defect defect) implements BackendProvider {
        Provider(Defect defect) {
            this("wire-" + defect.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'), defect);
        }

        @Override
        public String description() {
            return "Keys behind a port, for tests.";
        }

        @Override
        public Backend open(BackendConfig config) {
            URI uri = URI.create("wire:" + config.location());
            WireBackend backend = new WireBackend(new InetSocketAddress(uri.getHost(), uri.getPort()), defect);
            if (defect != Defect.LAZY) {
                backend.statistics(new ReadScope(
                        NamespaceName.of("connect"), Deadline.after(Duration.ofSeconds(5)), CommitToken.NONE));
            }
            return backend;
        }
    }

    private interface Request {
        void write(DataOutputStream out) throws IOException;
    }

    private interface Answer<T> {
        T read(DataInputStream in) throws IOException;
    }

    private final InetSocketAddress address;
    private final Defect defect;

    private WireBackend(InetSocketAddress address, Defect defect) {
        this.address = address;
        this.defect = defect;
    }

    @Override
    public BackendInfo info() {
        return new BackendInfo(
                "Wire",
                "1",
                Set.of(Capability.KEYS),
                Limits.DEFAULT,
                Atomicity.BATCH,
                Idempotency.OPERATION_ID,
                Map.of());
    }

    private <T> T call(
            NamespaceName namespace, int kind, boolean writes, Deadline deadline, Request request, Answer<T> answer) {
        boolean sent = false;
        Socket socket = new Socket();
        // Whatever it hangs in ends when the socket is closed.
        Thread watchdog = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(defect == Defect.NO_DEADLINE ? Duration.ofSeconds(8) : deadline.remaining());
                socket.close();
            } catch (InterruptedException | IOException ended) {
                // Nothing hangs any more.
            }
        });
        try (socket) {
            socket.connect(address);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeUTF(namespace.value());
            out.writeByte(kind);
            request.write(out);
            sent = true;
            socket.getOutputStream().write(bytes.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            T result = answer.read(in);
            if (defect != Defect.SHORT_ANSWERS && defect != Defect.TOO_EARLY && in.readByte() != '.') {
                throw new IOException("garbled");
            }
            return result;
        } catch (IOException failed) {
            Outcome outcome = writes && sent && defect != Defect.NEVER_UNKNOWN ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
            throw deadline.passed()
                    ? new ContextTimeoutException("the deadline passed", outcome, failed)
                    : new ContextUnavailableException("the store does not answer", outcome, failed);
        } finally {
            watchdog.interrupt();
        }
    }

    @Override
    public WriteReceipt apply(WriteBatch batch, Deadline deadline) {
        UUID sent = defect == Defect.OWN_OPERATION_ID ? UuidV7.next() : batch.operationId();
        return call(
                batch.namespace(),
                'A',
                true,
                deadline,
                out -> {
                    out.writeLong(sent.getMostSignificantBits());
                    out.writeLong(sent.getLeastSignificantBits());
                    out.writeInt(batch.mutations().size());
                    for (Mutation mutation : batch.mutations()) {
                        write(mutation, out);
                    }
                },
                in -> receipt(batch, in));
    }

    private static void write(Mutation mutation, DataOutputStream out) throws IOException {
        switch ((KeyMutation) mutation) {
            case KeyMutation.PutKey put -> {
                out.writeByte('P');
                out.writeUTF(put.key());
                out.writeUTF(put.value().utf8());
            }
            case KeyMutation.Increment increment -> {
                out.writeByte('I');
                out.writeUTF(increment.key());
                out.writeLong(increment.delta());
            }
            case KeyMutation.DeleteKey delete -> {
                out.writeByte('D');
                out.writeUTF(delete.key());
            }
            default -> throw new IOException("not spoken here: " + mutation);
        }
    }

    private WriteReceipt receipt(WriteBatch batch, DataInputStream in) throws IOException {
        if (defect == Defect.TOO_EARLY) {
            List<MutationResult> guessed = new ArrayList<>();
            batch.mutations().forEach(mutation -> guessed.add(new MutationResult.Written(1)));
            return new WriteReceipt(batch.operationId(), guessed, CommitToken.NONE, Instant.EPOCH);
        }
        CommitToken token = new CommitToken(0, in.readLong(), 0);
        Instant at = Instant.ofEpochSecond(in.readLong(), in.readInt());
        List<MutationResult> results = new ArrayList<>();
        for (Mutation mutation : batch.mutations()) {
            results.add(
                    switch ((KeyMutation) mutation) {
                        case KeyMutation.Increment add -> new MutationResult.Counter(in.readLong(), in.readLong());
                        case KeyMutation.DeleteKey delete -> new MutationResult.Removed(in.readLong());
                        default -> new MutationResult.Written(in.readLong());
                    });
        }
        return new WriteReceipt(batch.operationId(), results, token, at);
    }

    @Override
    public KeyReader keys() {
        return this;
    }

    @Override
    public List<KeyEntry> get(ReadScope scope, Collection<String> keys) {
        return call(
                scope.namespace(),
                'G',
                false,
                scope.deadline(),
                out -> {
                    out.writeInt(keys.size());
                    for (String key : keys) {
                        out.writeUTF(key);
                    }
                },
                this::entries);
    }

    @Override
    public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
        return call(
                scope.namespace(),
                'S',
                false,
                scope.deadline(),
                out -> {
                    out.writeUTF(prefix);
                    out.writeInt(page.limit());
                    out.writeUTF(page.cursor());
                },
                in -> {
                    String next = in.readUTF();
                    return new Page<>(entries(in), next);
                });
    }

    private List<KeyEntry> entries(DataInputStream in) throws IOException {
        List<KeyEntry> entries = new ArrayList<>();
        try {
            for (int n = in.readInt(); n > 0; n--) {
                entries.add(new KeyEntry(in.readUTF(), Bytes.utf8(in.readUTF()), in.readLong(), null));
            }
        } catch (IOException ended) {
            if (defect != Defect.SHORT_ANSWERS) {
                throw ended;
            }
        }
        return entries;
    }

    @Override
    public NamespaceAdmin namespaces() {
        return this;
    }

    @Override
    public Page<NamespaceName> list(PageRequest page, Deadline deadline) {
        return Page.last(List.of());
    }

    @Override
    public NamespaceStatistics statistics(ReadScope scope) {
        long keys = call(scope.namespace(), 'N', false, scope.deadline(), out -> {}, DataInputStream::readLong);
        return new NamespaceStatistics(0, 0, 0, 0, 0, keys, 0, 0);
    }

    @Override
    public CommitToken drop(NamespaceDrop drop, Deadline deadline) {
        call(
                drop.namespace(),
                'X',
                true,
                deadline,
                out -> {
                    out.writeLong(drop.operationId().getMostSignificantBits());
                    out.writeLong(drop.operationId().getLeastSignificantBits());
                },
                DataInputStream::readByte);
        return CommitToken.NONE;
    }

    @Override
    public Health health(Deadline deadline) {
        return new Health(Health.Status.UP, Duration.ZERO, Map.of());
    }

    @Override
    public void close() {}
}
