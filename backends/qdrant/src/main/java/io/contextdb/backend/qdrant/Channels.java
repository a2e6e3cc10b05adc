package io.contextdb.backend.qdrant;

import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.error.InvalidRequestException;
import io.grpc.CallCredentials;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.MetadataUtils;
import io.qdrant.client.QdrantClient;
import io.qdrant.client.grpc.PointsGrpc;
import java.io.File;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes the channel to the server with threads of its own, or takes one that the application lends (contract G13a). */
final class Channels {
    private static final Metadata.Key<String> API_KEY = Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);
    private static final int LOOPS = 2;
    private static final int LOOKUPS = 4;
    private static final long CLOSING_SECONDS = 5;

    private Channels() {}

    /**
     * A way to the server.
     *
     * @param channel what calls go through
     * @param credentials what each call carries, of a lent client; null for none
     * @param reconnect lets a broken connection be made again at once
     * @param close gives back what was made, and nothing that was lent
     */
    record Open(Channel channel, @Nullable CallCredentials credentials, Runnable reconnect, Runnable close) {}

    static Open open(Settings settings, BackendConfig config) {
        Optional<QdrantClient> client = config.resource(QdrantClient.class);
        if (client.isPresent()) {
            PointsGrpc.PointsFutureStub stub = client.get().grpcClient().points();
            return new Open(stub.getChannel(), stub.getCallOptions().getCredentials(), () -> {}, () -> {});
        }
        Optional<ManagedChannel> channel = config.resource(ManagedChannel.class);
        return channel.map(lent -> new Open(withKey(settings, lent), null, lent::resetConnectBackoff, () -> {}))
                .orElseGet(() -> own(settings));
    }

    private static Channel withKey(Settings settings, Channel channel) {
        if (settings.apiKey().isEmpty()) {
            return channel;
        }
        Metadata headers = new Metadata();
        headers.put(API_KEY, settings.apiKey());
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Open own(Settings settings) {
        NettyChannelBuilder builder = builder(settings);
        // Threads that gRPC shares between channels outlive them; these end with the channel.
        EventLoopGroup loops = new NioEventLoopGroup(LOOPS, new DefaultThreadFactory("contextdb-qdrant", true));
        ThreadPoolExecutor work = new ThreadPoolExecutor(
                LOOKUPS,
                LOOKUPS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("contextdb-qdrant-work", true));
        work.allowCoreThreadTimeOut(true);
        ManagedChannel channel = builder.eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .executor(work)
                .offloadExecutor(work)
                .build();
        return new Open(
                withKey(settings, channel), null, channel::resetConnectBackoff, () -> close(channel, loops, work));
    }

    private static NettyChannelBuilder builder(Settings settings) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(settings.host(), settings.port())
                .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(settings.messageBytes())
                .disableRetry();
        if (!settings.tls()) {
            return builder.usePlaintext();
        }
        if (settings.trust().isEmpty()) {
            return builder.useTransportSecurity();
        }
        try {
            return builder.sslContext(GrpcSslContexts.forClient()
                    .trustManager(new File(settings.trust()))
                    .build());
        } catch (SSLException | IllegalArgumentException unreadable) {
            throw new InvalidRequestException(
                    "tlsTrust", "is no PEM file of certificates that can be read: " + unreadable.getMessage());
        }
    }

    private static void close(ManagedChannel channel, EventLoopGroup loops, ExecutorService work) {
        boolean interrupted = Thread.interrupted();
        try {
            channel.shutdownNow().awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
            loops.shutdownGracefully(0, CLOSING_SECONDS, TimeUnit.SECONDS).await(CLOSING_SECONDS, TimeUnit.SECONDS);
            work.shutdown();
            work.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            work.shutdownNow();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
