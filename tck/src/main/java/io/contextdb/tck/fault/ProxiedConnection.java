package io.contextdb.tck.fault;

import io.contextdb.tck.fault.Fault.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One connection through a {@link FaultProxy}: each way a thread that reads pieces, and one that asks before each of them what is
 * to become of it. So what is late is late from when it came, and does not hold up what comes after it for as long once more.
 */
final class ProxiedConnection {
    private static final int PIECE = 4096;
    /** How many pieces may be on their way. */
    private static final int LENGTH = 64;

    private static final long SECOND = 1_000_000_000L;

    private final FaultProxy proxy;
    private final Socket driver;
    private final Socket store = new Socket();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /**
     * Bytes on their way.
     *
     * @param bytes none where nothing comes any more
     * @param at when they came, in nanoseconds
     * @param broken whether nothing comes because the sender reset the connection, which is passed on after all that came before
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(byte[] bytes, long at, boolean broken) {
        static Piece last(boolean broken) {
            return new Piece(new byte[0], System.nanoTime(), broken);
        }

        boolean isLast() {
            return bytes.length == 0;
        }
    }

    ProxiedConnection(FaultProxy proxy, Socket driver) {
        this.proxy = proxy;
        this.driver = driver;
    }

    /** Connects to the store and pumps until either end closes. */
    void open(InetSocketAddress address) {
        try {
            store.connect(address);
            driver.setTcpNoDelay(true);
            store.setTcpNoDelay(true);
        } catch (IOException unreachable) {
            reset();
            return;
        }
        pump(driver, store, Direction.TO_STORE);
        pump(store, driver, Direction.TO_DRIVER);
    }

    private void pump(Socket from, Socket to, Direction direction) {
        BlockingQueue<Piece> line = new ArrayBlockingQueue<>(LENGTH);
        start("fault-proxy-read", () -> read(from, line));
        start("fault-proxy-" + direction, () -> write(line, from, to, direction));
    }

    /** Does something until it ends or breaks. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Work work) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException broken) {
                reset();
            }
            threads.remove(Thread.currentThread());
        });
        threads.add(thread);
        thread.start();
    }

    /** Ends both sides with a reset, which whoever reads or writes sees as an error. */
    void reset() {
        for (Socket socket : new Socket[] {driver, store}) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException alreadyGone) {
                // It is closed, as was wanted.
            }
        }
        threads.forEach(Thread::interrupt);
        proxy.ended(this);
    }

    private static void read(Socket from, BlockingQueue<Piece> line) throws InterruptedException {
        byte[] buffer = new byte[PIECE];
        boolean broken = false;
        try {
            InputStream in = from.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                line.put(new Piece(Arrays.copyOf(buffer, length), System.nanoTime(), false));
            }
        } catch (IOException reset) {
            broken = true;
        }
        line.put(Piece.last(broken));
    }

    private void write(BlockingQueue<Piece> line, Socket from, Socket to, Direction direction)
            throws IOException, InterruptedException {
        Allowance allowance = new Allowance();
        OutputStream out = to.getOutputStream();
        Piece piece = line.take();
        for (; !piece.isLast(); piece = line.take()) {
            pass(piece, out, direction, allowance);
        }
        if (piece.broken()) {
            reset();
            return;
        }
        to.shutdownOutput();
        if (from.isOutputShutdown()) {
            from.close();
            to.close();
            proxy.ended(this);
        }
    }

    /** How many bytes may still pass under a fault that counts; starts anew with each fault. */
    private static final class Allowance {
        long epoch = -1;
        long left;

        long of(FaultProxy.Now now, long bytes) {
            if (epoch != now.epoch()) {
                epoch = now.epoch();
                left = bytes;
            }
            return left;
        }
    }

    private void pass(Piece piece, OutputStream out, Direction direction, Allowance allowance)
            throws IOException, InterruptedException {
        byte[] bytes = piece.bytes();
        int done = 0;
        while (done < bytes.length) {
            FaultProxy.Now now = proxy.now();
            if (now.closed()) {
                throw new IOException("the proxy was closed");
            }
            int some = share(now, bytes.length - done, direction, allowance);
            if (some == 0) {
                proxy.awaitChange(now.epoch());
                continue;
            }
            if (before(now, piece, some)) {
                continue;
            }
            out.write(bytes, done, some);
            out.flush();
            proxy.count(some);
            allowance.left -= some;
            done += some;
            if (now.fault() instanceof Fault.CutAfter cut && cut.direction() == direction && allowance.left == 0) {
                throw new IOException("cut");
            }
        }
    }

    /** Returns how many of some bytes pass now; 0 if they wait for the next fault. */
    private static int share(FaultProxy.Now now, int wanted, Direction direction, Allowance allowance)
            throws IOException {
        return switch (now.fault()) {
            case Fault.None none -> wanted;
            case Fault.Latency latency -> wanted;
            case Fault.Bandwidth bandwidth -> Math.min(wanted, Math.max(1, bandwidth.bytesPerSecond() / 20));
            case Fault.SlowDrip drip -> 1;
            case Fault.BlackHole hole -> 0;
            case Fault.OneWay way -> way.open() == direction ? wanted : 0;
            case Fault.StallAt stall ->
                stall.direction() == direction ? (int) Math.min(wanted, allowance.of(now, stall.bytes())) : wanted;
            case Fault.CutAfter cut -> {
                int allowed =
                        cut.direction() == direction ? (int) Math.min(wanted, allowance.of(now, cut.bytes())) : wanted;
                if (allowed == 0) {
                    throw new IOException("cut");
                }
                yield allowed;
            }
            case Fault.Reset reset -> throw new IOException("reset");
            case Fault.Refuse refuse -> throw new IOException("refused");
        };
    }

    /** Waits as the fault wants before some bytes pass; returns whether to ask again, since another fault was made meanwhile. */
    private boolean before(FaultProxy.Now now, Piece piece, int some) throws InterruptedException {
        long nanos = switch (now.fault()) {
            case Fault.Latency latency ->
                piece.at()
                        + latency.delay().toNanos()
                        + proxy.chance(latency.jitter().toNanos())
                        - System.nanoTime();
            case Fault.Bandwidth bandwidth -> some * SECOND / bandwidth.bytesPerSecond();
            case Fault.SlowDrip drip -> drip.pause().toNanos();
            default -> 0;
        };
        if (nanos > 0) {
            proxy.pause(nanos, now.epoch());
            return proxy.now().epoch() != now.epoch();
        }
        return false;
    }
}
