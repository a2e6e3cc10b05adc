package io.contextdb.tck.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP proxy on the loopback interface that stands between a driver and a store and makes faults, one kind at a time. What it
 * chooses by chance follows from its seed. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    private final InetSocketAddress store;
    private final int port;
    private final Random random;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong passed = new AtomicLong();

    // Guards listener, fault, epoch and closed.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private ServerSocket listener;
    private Fault fault = new Fault.None();
    private long epoch;
    private boolean closed;

    private FaultProxy(InetSocketAddress store, long seed) throws IOException {
        this.store = store;
        this.random = new Random(seed);
        this.listener = listen(0);
        this.port = listener.getLocalPort();
        accept(listener);
    }

    /** Opens a proxy before a store, at a free port. */
    public static FaultProxy before(InetSocketAddress store, long seed) {
        try {
            return new FaultProxy(store, seed);
        } catch (IOException unavailable) {
            throw new UncheckedIOException("no port to listen at", unavailable);
        }
    }

    /** Returns where the driver connects to instead of the store. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Returns how many bytes have passed so far, both ways together. */
    public long passed() {
        return passed.get();
    }

    /** Makes a fault from now on, in place of the one before. */
    public void make(Fault next) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            fault = next;
            epoch++;
            changed.signalAll();
            if (next instanceof Fault.Refuse) {
                listener.close();
            } else if (listener.isClosed()) {
                listener = listen(port);
                accept(listener);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("the port " + port + " cannot be used again", failed);
        } finally {
            lock.unlock();
        }
        if (next instanceof Fault.Refuse) {
            awaitRefusal();
        }
        if (next instanceof Fault.Refuse || next instanceof Fault.Reset) {
            connections.forEach(ProxiedConnection::reset);
        }
    }

    /** A closed listener may take connections for a moment still, while a thread waits at it. */
    private void awaitRefusal() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (System.nanoTime() - end < 0) {
            try (Socket probe = new Socket(address().getAddress(), port)) {
                Thread.onSpinWait();
            } catch (IOException refused) {
                return;
            }
        }
        throw new IllegalStateException("port " + port + " still takes connections");
    }

    /** Ends the fault: what was held back passes, new connections are served. */
    public void heal() {
        make(new Fault.None());
    }

    /** Ends all connections, and listens no more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            listener.close();
        } catch (IOException ignored) {
            // Nothing is left to be done about a listener that does not close.
        } finally {
            lock.unlock();
        }
        connections.forEach(ProxiedConnection::reset);
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        return socket;
    }

    private void accept(ServerSocket socket) {
        Thread.ofVirtual().name("fault-proxy-" + socket.getLocalPort()).start(() -> {
            while (!socket.isClosed()) {
                try {
                    serve(socket.accept());
                } catch (IOException ended) {
                    // The listener was closed, or a client was gone before it was served.
                }
            }
        });
    }

    private void serve(Socket driver) {
        ProxiedConnection connection = new ProxiedConnection(this, driver);
        connections.add(connection);
        Now now = now();
        if (now.closed() || now.fault() instanceof Fault.Reset || now.fault() instanceof Fault.Refuse) {
            connection.reset();
        } else {
            Thread.ofVirtual().name("fault-proxy-connect").start(() -> connection.open(store));
        }
    }

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }

    void count(int bytes) {
        passed.addAndGet(bytes);
    }

    /** The fault at a moment, and what tells it from earlier ones. */
    record Now(Fault fault, long epoch, boolean closed) {}

    Now now() {
        lock.lock();
        try {
            return new Now(fault, epoch, closed);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until another fault is made, or the proxy is closed. */
    void awaitChange(long since) throws InterruptedException {
        lock.lock();
        try {
            while (epoch == since && !closed) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a time, or until another fault is made. */
    void pause(long nanos, long since) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && epoch == since && !closed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns a number from 0 to a bound, both included. */
    long chance(long bound) {
        synchronized (random) {
            return bound <= 0 ? 0 : random.nextLong(bound + 1);
        }
    }
}
