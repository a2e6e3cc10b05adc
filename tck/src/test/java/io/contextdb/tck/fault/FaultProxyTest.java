package io.contextdb.tck.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.tck.fault.Fault.Direction;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault before a server that echoes. */
@Timeout(60)
class FaultProxyTest {
    private static final int SHORT = 200;
    private static final int LONG = 20_000;

    private EchoServer server;
    private FaultProxy proxy;
    private Socket client;

    @BeforeEach
    void open() throws IOException {
        server = new EchoServer();
        proxy = FaultProxy.before(server.address(), 1);
        client = connected();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        server.close();
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket(proxy.address().getAddress(), proxy.address().getPort());
        socket.setSoTimeout(LONG);
        return socket;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] echo(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return socket.getInputStream().readNBytes(bytes.length);
    }

    /** Nothing comes for a while. */
    private void assertSilent() throws IOException {
        client.setSoTimeout(SHORT);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(LONG);
    }

    @Test
    void withoutAFaultEverythingPasses() throws IOException {
        byte[] bytes = bytes(50_000);
        Thread.ofVirtual().start(() -> {
            try {
                client.getOutputStream().write(bytes);
                client.shutdownOutput();
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            }
        });

        assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(proxy.passed()).isEqualTo(2L * bytes.length);
    }

    @Test
    void latencyDelaysBothWays() throws IOException {
        proxy.make(new Fault.Latency(Duration.ofMillis(40), Duration.ofMillis(10)));
        long begin = System.nanoTime();

        assertThat(echo(client, bytes(10))).isEqualTo(bytes(10));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(80_000_000);
    }

    @Test
    void latencyIsNoLimitOfWhatPasses() throws IOException {
        Duration delay = Duration.ofMillis(200);
        proxy.make(new Fault.Latency(delay, Duration.ZERO));
        byte[] bytes = bytes(400_000);
        long begin = System.nanoTime();

        assertThat(echo(client, bytes)).isEqualTo(bytes);
        assertThat(System.nanoTime() - begin)
                .as("a quarter of what it takes if each 4,096 bytes wait for those before them")
                .isLessThan(delay.toNanos() * (bytes.length / 4_096) / 4);
    }

    @Test
    void jitterFollowsFromTheSeed() {
        try (FaultProxy one = FaultProxy.before(server.address(), 7);
                FaultProxy other = FaultProxy.before(server.address(), 7)) {
            assertThat(one.chance(1_000_000)).isEqualTo(other.chance(1_000_000)).isNotEqualTo(one.chance(1_000_000));
        }
    }

    @Test
    void bandwidthIsAMaximum() throws IOException {
        proxy.make(new Fault.Bandwidth(20_000));
        long begin = System.nanoTime();

        assertThat(echo(client, bytes(4_000))).isEqualTo(bytes(4_000));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(200_000_000);
    }

    @Test
    void aSlowDripIsByteByByte() throws IOException {
        proxy.make(new Fault.SlowDrip(Duration.ofMillis(2)));
        long begin = System.nanoTime();

        assertThat(echo(client, bytes(50))).isEqualTo(bytes(50));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void aBlackHoleHoldsWhatIsSentUntilItIsHealed() throws IOException {
        echo(client, bytes(5));
        proxy.make(new Fault.BlackHole());
        client.getOutputStream().write(bytes(10));
        assertSilent();
        assertThat(server.received()).isEqualTo(5);

        proxy.heal();
        assertThat(client.getInputStream().readNBytes(10)).isEqualTo(bytes(10));
    }

    @Test
    void whatIsHeldArrivesThoughWhoSentItIsGone() throws IOException, InterruptedException {
        echo(client, bytes(5));
        proxy.make(new Fault.BlackHole());
        client.getOutputStream().write(bytes(10));
        assertSilent();
        client.setSoLinger(true, 0);
        client.close();
        Thread.sleep(SHORT);

        proxy.heal();
        for (long end = System.nanoTime() + Duration.ofMillis(LONG).toNanos();
                server.received() < 15 && System.nanoTime() - end < 0; ) {
            Thread.sleep(10);
        }
        assertThat(server.received()).isEqualTo(15);
    }

    @Test
    void newConnectionsAreMadeIntoABlackHole() throws IOException {
        proxy.make(new Fault.BlackHole());
        try (Socket other = connected()) {
            other.getOutputStream().write(1);
            other.setSoTimeout(SHORT);
            assertThatThrownBy(() -> other.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void oneWayTheStoreHearsAndTheDriverDoesNot() throws IOException {
        proxy.make(new Fault.OneWay(Direction.TO_STORE));
        client.getOutputStream().write(bytes(10));
        assertSilent();
        assertThat(server.received()).isEqualTo(10);

        proxy.heal();
        assertThat(client.getInputStream().readNBytes(10)).isEqualTo(bytes(10));
    }

    @Test
    void theOtherWayTheStoreHearsNothing() throws IOException {
        proxy.make(new Fault.OneWay(Direction.TO_DRIVER));
        client.getOutputStream().write(bytes(10));
        assertSilent();

        assertThat(server.received()).isZero();
    }

    @Test
    void aStallLetsExactlySoManyBytesPass() throws IOException {
        proxy.make(new Fault.StallAt(Direction.TO_DRIVER, 7));
        client.getOutputStream().write(bytes(20));
        assertThat(client.getInputStream().readNBytes(7)).isEqualTo(java.util.Arrays.copyOf(bytes(20), 7));
        assertSilent();

        proxy.heal();
        assertThat(client.getInputStream().readNBytes(13)).isEqualTo(java.util.Arrays.copyOfRange(bytes(20), 7, 20));
    }

    @Test
    void aCutLetsExactlySoManyBytesPassAndEndsTheConnection() throws IOException {
        proxy.make(new Fault.CutAfter(Direction.TO_STORE, 9));
        client.getOutputStream().write(bytes(20));

        assertThatThrownBy(() -> client.getInputStream().readNBytes(20)).isInstanceOf(SocketException.class);
        assertThat(server.received()).isLessThanOrEqualTo(9);
        proxy.heal();
        try (Socket other = connected()) {
            assertThat(echo(other, bytes(5))).isEqualTo(bytes(5));
        }
    }

    @Test
    void aResetEndsOpenConnectionsAndNewOnes() throws IOException {
        echo(client, bytes(5));
        proxy.make(new Fault.Reset());

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> {
                    try (Socket other = connected()) {
                        other.getOutputStream().write(1);
                        if (other.getInputStream().read() < 0) {
                            throw new SocketException("ended");
                        }
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void refusedUntilHealedAtTheSamePort() throws IOException {
        echo(client, bytes(5));
        proxy.make(new Fault.Refuse());

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        assertThatThrownBy(this::connected).isInstanceOf(ConnectException.class);
        proxy.heal();
        try (Socket other = connected()) {
            assertThat(echo(other, bytes(5))).isEqualTo(bytes(5));
        }
    }

    @Test
    void closingEndsWhatHangs() throws IOException {
        proxy.make(new Fault.BlackHole());
        client.getOutputStream().write(1);
        proxy.close();

        assertThatThrownBy(() -> {
                    if (client.getInputStream().read() < 0) {
                        throw new SocketException("ended");
                    }
                })
                .isInstanceOf(SocketException.class);
    }
}
