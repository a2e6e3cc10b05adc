package io.contextdb.bench.scaled;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy before a server that counts round trips: how often a client begins to say something after the server has answered. Requests
 * that are sent together count once.
 */
final class RoundTrips implements AutoCloseable {
    private static final int PIECE = 1 << 16;

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong made = new AtomicLong();

    RoundTrips(InetSocketAddress server) throws IOException {
        this.server = server;
        listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("bench-round-trips").start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** Returns how many there were so far, on all connections. */
    long made() {
        return made.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket store = new Socket(server.getAddress(), server.getPort());
                sockets.add(client);
                sockets.add(store);
                client.setTcpNoDelay(true);
                store.setTcpNoDelay(true);
                AtomicBoolean asked = new AtomicBoolean();
                Thread.ofVirtual()
                        .start(() -> pump(client, store, () -> {
                            if (asked.compareAndSet(false, true)) {
                                made.incrementAndGet();
                            }
                        }));
                Thread.ofVirtual().start(() -> pump(store, client, () -> asked.set(false)));
            } catch (IOException ended) {
                // The listener was closed, or a client was gone before it was served.
            }
        }
    }

    private void pump(Socket from, Socket to, Runnable seen) {
        byte[] piece = new byte[PIECE];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                seen.run();
                out.write(piece, 0, length);
                out.flush();
            }
        } catch (IOException ended) {
            // One of the two went, and with that the other goes.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
