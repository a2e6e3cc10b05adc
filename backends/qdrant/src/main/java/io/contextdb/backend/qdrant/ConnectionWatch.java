package io.contextdb.backend.qdrant;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Names the connection by which the last answer came: by this process, and by its own address in the network. Thread-safe. */
final class ConnectionWatch implements ClientInterceptor {
    private final UUID process = UUID.randomUUID();
    private final AtomicReference<@Nullable Object> address = new AtomicReference<>();

    /** Returns the name; another after each break of the connection. */
    String name() {
        return process + "/" + Integer.toHexString(String.valueOf(address.get()).hashCode());
    }

    @Override
    public <A, B> ClientCall<A, B> interceptCall(MethodDescriptor<A, B> method, CallOptions options, Channel next) {
        ClientCall<A, B> call = next.newCall(method, options);
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<B> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onHeaders(Metadata answered) {
                                address.set(call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
                                super.onHeaders(answered);
                            }
                        },
                        headers);
            }
        };
    }
}
