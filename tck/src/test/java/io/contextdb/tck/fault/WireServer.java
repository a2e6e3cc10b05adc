package io.contextdb.tck.fault;

import io.contextdb.backend.memory.MemoryBackendProvider;
import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.value.Bytes;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.NamespaceDrop;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The keys of a memory backend behind a TCP port: one request and one answer a connection. For tests of the suite of faults. */
final class WireServer implements AutoCloseable {
    private final Backend memory =
            new MemoryBackendProvider().open(new BackendConfig("memory", "", Map.of(), List.of()));
    private final ServerSocket listener;
    private final boolean oneByOne;

    /**
     * Opens a server.
     *
     * @param oneByOne the defect of applying a batch mutation by mutation, as they come
     */
    WireServer(boolean oneByOne) throws IOException {
        this.oneByOne = oneByOne;
        listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        listener.close();
        memory.close();
    }

    private void serve(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()))) {
            NamespaceName namespace = NamespaceName.of(in.readUTF());
            switch (in.readByte()) {
                case 'A' -> apply(namespace, in, out);
                case 'G' -> get(namespace, in, out);
                case 'S' -> scan(namespace, in, out);
                case 'N' -> {
                    NamespaceStatistics statistics = memory.namespaces().statistics(scope(namespace));
                    out.writeLong(statistics.keys());
                }
                case 'X' -> {
                    UUID operationId = new UUID(in.readLong(), in.readLong());
                    memory.namespaces().drop(new NamespaceDrop(namespace, operationId), deadline());
                    out.writeByte(1);
                }
                default -> throw new IOException("unknown request");
            }
            // Whoever reads knows by this that it has read everything.
            out.writeByte('.');
            out.flush();
        } catch (IOException gone) {
            // The client is told nothing more.
        }
    }

    private static Deadline deadline() {
        return Deadline.after(Duration.ofSeconds(10));
    }

    private static ReadScope scope(NamespaceName namespace) {
        return new ReadScope(namespace, deadline(), CommitToken.NONE);
    }

    private void apply(NamespaceName namespace, DataInputStream in, DataOutputStream out) throws IOException {
        UUID operationId = new UUID(in.readLong(), in.readLong());
        List<Mutation> mutations = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            Mutation mutation = mutation(in);
            mutations.add(mutation);
            if (oneByOne) {
                memory.apply(WriteBatch.of(namespace, List.of(mutation)), deadline());
            }
        }
        WriteReceipt receipt = memory.apply(new WriteBatch(namespace, operationId, mutations), deadline());
        out.writeLong(receipt.token().commit());
        out.writeLong(receipt.committedAt().getEpochSecond());
        out.writeInt(receipt.committedAt().getNano());
        for (MutationResult result : receipt.results()) {
            switch (result) {
                case MutationResult.Written written -> out.writeLong(written.version());
                case MutationResult.Counter counter -> {
                    out.writeLong(counter.value());
                    out.writeLong(counter.version());
                }
                case MutationResult.Removed removed -> out.writeLong(removed.count());
                default -> throw new IOException("not spoken here: " + result);
            }
        }
    }

    private static Mutation mutation(DataInputStream in) throws IOException {
        return switch (in.readByte()) {
            case 'P' -> KeyMutation.PutKey.of(in.readUTF(), Bytes.utf8(in.readUTF()));
            case 'I' -> new KeyMutation.Increment(in.readUTF(), in.readLong());
            default -> new KeyMutation.DeleteKey(in.readUTF(), Condition.none());
        };
    }

    private void get(NamespaceName namespace, DataInputStream in, DataOutputStream out) throws IOException {
        List<String> keys = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            keys.add(in.readUTF());
        }
        write(memory.keys().get(scope(namespace), keys), out);
    }

    private void scan(NamespaceName namespace, DataInputStream in, DataOutputStream out) throws IOException {
        Page<KeyEntry> page =
                memory.keys().scan(scope(namespace), in.readUTF(), new PageRequest(in.readInt(), in.readUTF()));
        out.writeUTF(page.next());
        write(page.items(), out);
    }

    private static void write(List<KeyEntry> entries, DataOutputStream out) throws IOException {
        out.writeInt(entries.size());
        for (KeyEntry entry : entries) {
            out.writeUTF(entry.key());
            out.writeUTF(entry.value().utf8());
            out.writeLong(entry.version());
        }
    }
}
