package io.contextdb.tck.fault;

import io.contextdb.tck.fault.Fault.Direction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** One connection through a {@link FaultProxy}: a pump each way, which asks before each piece what is to become of it. */
final class ProxiedConnection {
    private static final int PIECE = 4096;
    private static final long SECOND = 1_000_000_000L;

    private final FaultProxy proxy;
    private final Socket driver;
    private final Socket store = new Socket();

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
        Thread.ofVirtual().name("fault-proxy-to-store").start(() -> pump(driver, store, Direction.TO_STORE));
        Thread.ofVirtual().name("fault-proxy-to-driver").start(() -> pump(store, driver, Direction.TO_DRIVER));
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
        proxy.ended(this);
    }

    private void pump(Socket from, Socket to, Direction direction) {
        byte[] buffer = new byte[PIECE];
        Allowance allowance = new Allowance();
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                pass(buffer, length, out, direction, allowance);
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                from.close();
                to.close();
                proxy.ended(this);
            }
        } catch (IOException | InterruptedException broken) {
            reset();
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

    private void pass(byte[] bytes, int length, OutputStream out, Direction direction, Allowance allowance)
            throws IOException, InterruptedException {
        int done = 0;
        while (done < length) {
            FaultProxy.Now now = proxy.now();
            if (now.closed()) {
                throw new IOException("the proxy was closed");
            }
            int some = share(now, length - done, direction, allowance);
            if (some == 0) {
                proxy.awaitChange(now.epoch());
                continue;
            }
            if (before(now, some)) {
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
    private boolean before(FaultProxy.Now now, int some) throws InterruptedException {
        long nanos = switch (now.fault()) {
            case Fault.Latency latency ->
                latency.delay().toNanos() + proxy.chance(latency.jitter().toNanos());
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
