package io.contextdb.embedder.openai;

import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.ContextException;
import io.contextdb.spi.error.ContextThrottledException;
import io.contextdb.spi.error.ContextTimeoutException;
import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What the service answered to one request. */
final class Reply {
    private static final BigDecimal DAY = BigDecimal.valueOf(86_400);

    private final URI endpoint;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    Reply(URI endpoint, HttpResponse<byte[]> response) {
        this.endpoint = endpoint;
        this.status = response.statusCode();
        this.headers = response.headers();
        this.body = response.body();
    }

    boolean ok() {
        return status == 200;
    }

    byte[] body() {
        return body;
    }

    /** Returns the error that the status stands for; it shows the service's name for the cause, and nothing else of it. */
    ContextException error() {
        Optional<String> code = Wire.errorCode(body);
        String said =
                endpoint + " answered " + status + code.map(name -> " " + name).orElse("");
        if (code.isPresent() && code.get().equals("insufficient_quota")) {
            return new AccessDeniedException("openai: " + said + ": the account has no quota left", null);
        }
        return switch (status) {
            case 401, 403 ->
                new AccessDeniedException(
                        "openai: " + said + ": set option apiKey, or OPENAI_API_KEY, to a key that may use the model",
                        null);
            case 404 ->
                new InvalidRequestException(
                        ErrorCode.NOT_FOUND, "model", said + ": there is no such model, or no API at this url");
            case 408, 504 -> new ContextTimeoutException("openai: " + said);
            case 429 -> new ContextThrottledException("openai: " + said + ": too many requests or tokens a minute");
            default -> {
                if (status >= 500) {
                    yield new ContextUnavailableException("openai: " + said);
                }
                if (status >= 300 && status < 400) {
                    yield new InvalidRequestException("url", said + ": set the url that it redirects to");
                }
                yield new InvalidRequestException(
                        "texts", said + ": the model takes no text so long (lower maxTextBytes), or no such option");
            }
        };
    }

    /** Returns how long the service asks to wait, at most a day. */
    Optional<Duration> retryAfter() {
        return headers.firstValue("retry-after-ms")
                .flatMap(text -> seconds(text, 3))
                .or(() -> headers.firstValue("retry-after")
                        .flatMap(text -> seconds(text, 0).or(() -> until(text))));
    }

    private static Optional<Duration> seconds(String text, int shift) {
        try {
            if (text.length() > 20) {
                return Optional.empty();
            }
            BigDecimal seconds = new BigDecimal(text.strip()).movePointLeft(shift);
            return Optional.of(Duration.ofMillis(
                    seconds.max(BigDecimal.ZERO).min(DAY).movePointRight(3).longValue()));
        } catch (NumberFormatException notNumber) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> until(String date) {
        try {
            Instant then = ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(), then);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeParseException notDate) {
            return Optional.empty();
        }
    }
}
