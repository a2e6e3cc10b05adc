package io.contextdb.embedder.openai;

import io.contextdb.spi.error.ContextClosedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextTransientException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends requests, few at a time, again if that may help. Thread-safe. */
final class Endpoint implements AutoCloseable {
    private static final long FIRST_WAIT_MILLIS = 250;
    private static final long LONGEST_WAIT_MILLIS = 20_000;

    private final Settings settings;
    private final HttpClient client;
    private final Semaphore turns;
    private final CountDownLatch closing = new CountDownLatch(1);

    Endpoint(Settings settings) {
        this.settings = settings;
        this.turns = new Semaphore(settings.concurrency(), true);
        boolean secure = "https".equalsIgnoreCase(settings.endpoint().getScheme());
        this.client = HttpClient.newBuilder()
                // Without TLS, version 2 begins as a request to switch, which some servers take for an error.
                .version(secure ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
    }

    /** Returns the body of the answer, cut after one byte too many; any other answer is thrown as the error it stands for. */
    byte[] post(byte[] body, int maxBytes, Deadline deadline) {
        for (int attempt = 0; ; attempt++) {
            Duration wait = backoff(attempt);
            ContextException error;
            try {
                Reply reply = send(body, maxBytes, deadline);
                if (reply.ok()) {
                    return reply.body();
                }
                error = reply.error();
                wait = reply.retryAfter().orElse(wait);
            } catch (ContextTransientException failed) {
                error = failed;
            }
            boolean hopeless = !error.retrySafe()
                    || attempt == settings.maxRetries()
                    || wait.compareTo(deadline.remaining()) >= 0
                    || Thread.currentThread().isInterrupted();
            if (hopeless) {
                throw error;
            }
            pause(wait);
        }
    }

    /** Doubles from a quarter of a second to 20 s; a random half of it keeps clients from coming back together. */
    private static Duration backoff(int attempt) {
        long most = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << attempt);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }

    private void pause(Duration wait) {
        try {
            if (closing.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw closed();
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private Reply send(byte[] body, int maxBytes, Deadline deadline) {
        try {
            if (!turns.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ContextTimeoutException(
                        "openai: the deadline passed while " + settings.concurrency() + " other requests ran");
            }
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
        try {
            return exchange(request(body), maxBytes, deadline);
        } finally {
            turns.release();
        }
    }

    private HttpRequest request(byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.endpoint())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (!settings.apiKey().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.apiKey().value());
        }
        return request.build();
    }

    /** The client's own time-out ends with the headers; waiting for the whole exchange here bounds the body too. */
    private Reply exchange(HttpRequest request, int maxBytes, Deadline deadline) {
        if (closing.getCount() == 0) {
            throw closed();
        }
        CompletableFuture<HttpResponse<byte[]>> running =
                client.sendAsync(request, headers -> new BoundedBody(maxBytes));
        long nanos = Math.min(settings.timeout().toNanos(), deadline.remaining().toNanos());
        try {
            return new Reply(settings.endpoint(), running.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            throw new ContextTimeoutException("openai: no answer from " + settings.endpoint() + " within "
                    + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        } catch (ExecutionException failed) {
            if (closing.getCount() == 0) {
                throw closed();
            }
            throw new ContextUnavailableException(
                    "openai: " + settings.endpoint() + " cannot be reached, or the connection broke",
                    Outcome.NOT_APPLIED,
                    failed.getCause());
        } finally {
            running.cancel(true);
        }
    }

    private static ContextTimeoutException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ContextTimeoutException("openai: the thread was interrupted", Outcome.NOT_APPLIED, cause);
    }

    static ContextClosedException closed() {
        return new ContextClosedException("openai embedder");
    }

    boolean isClosed() {
        return closing.getCount() == 0;
    }

    @Override
    public void close() {
        closing.countDown();
        client.shutdownNow();
        client.close();
    }
}
