package io.contextdb.backend.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a store and its server: counts round trips, and makes the network fail. A round trip is a turn of a
 * conversation: the client speaks after the server has.
 */
final class FaultProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong turns = new AtomicLong();
    private volatile boolean stalled;
    private volatile boolean refusing;
    private volatile String cutAfter = "";

    FaultProxy(String host, int port) {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server = new InetSocketAddress(host, port);
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns how often a client spoke after the server had. */
    long turns() {
        return turns.get();
    }

    /** Lets nothing through any more, in either direction, but keeps connections open, until {@link #flow}. */
    void stall() {
        stalled = true;
    }

    void flow() {
        stalled = false;
    }

    /** Cuts every connection, and each that is made until {@link #accept}, as a server does that is gone. */
    void refuse() {
        refusing = true;
        sockets.forEach(FaultProxy::cut);
        sockets.clear();
    }

    void accept() {
        refusing = false;
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Cuts the connection on which a client next says a word, once the server has it, so that its answer is lost. */
    void cutAfter(String word) {
        cutAfter = word;
    }

    boolean hasCut() {
        return cutAfter.isEmpty();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                Socket upstream = new Socket();
                upstream.connect(server);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(upstream);
                boolean[] serverSpoke = {true};
                AtomicBoolean muted = new AtomicBoolean();
                Thread.ofVirtual().start(() -> copy(client, upstream, serverSpoke, muted, true));
                Thread.ofVirtual().start(() -> copy(upstream, client, serverSpoke, muted, false));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void copy(Socket from, Socket to, boolean[] serverSpoke, AtomicBoolean muted, boolean fromClient) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                waitWhileStalled();
                synchronized (serverSpoke) {
                    if (fromClient && serverSpoke[0]) {
                        turns.incrementAndGet();
                    }
                    serverSpoke[0] = !fromClient;
                }
                String word = cutAfter;
                boolean last = fromClient
                        && !word.isEmpty()
                        && new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains(word);
                if (last) {
                    // First, as the answer may be faster than the cut.
                    muted.set(true);
                }
                if (fromClient || !muted.get()) {
                    to.getOutputStream().write(buffer, 0, read);
                }
                if (last) {
                    cutAfter = "";
                    // The client hears nothing; the server has all and works on.
                    from.close();
                    awaitEnd(to);
                    return;
                }
            }
        } catch (IOException cut) {
            // That is what it is for.
        }
    }

    /** Keeps the server's side open until it has answered, as a network that lost the client would. */
    private static void awaitEnd(Socket server) {
        pause(300);
    }

    private void waitWhileStalled() {
        while (stalled) {
            pause(5);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stalled = false;
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
