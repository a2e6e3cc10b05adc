package io.contextdb.backend.redis;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.ReadScope;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * What the readers and the writer of a backend share. Reads go to primaries, which have every commit, so a token is only
 * looked at to refuse one of another store: commits are numbered by the server's clock, and none can be ahead of it. Thread-safe.
 */
final class Session {
    /** The clocks of a cluster's nodes, or of a primary and the one before it, may differ by so much. */
    private static final long SKEW_MICROS = 1_000_000;

    private final Link link;
    private final Names names;
    private final Link.Rule rule;
    private final Calls calls;

    /** The greatest commit that was seen or found plausible. */
    private final AtomicLong known = new AtomicLong();

    Session(Link link, Names names, boolean home) {
        this.link = link;
        this.names = names;
        this.rule = home ? new Served(names) : Link.Rule.NONE;
        this.calls = home ? link.under(rule) : link;
    }

    /** Returns the link itself, for what is no use of the store. */
    Link link() {
        return link;
    }

    /** Calls the server for those who use the store. */
    Calls calls() {
        return calls;
    }

    /** Calls the server for those who use the store, and tells them in which life of it; the last is that of the answer. */
    Calls calls(Consumer<String> life) {
        return link.under((same, connection, operation, deadline) -> {
            rule.check(same, connection, operation, deadline);
            life.accept(connection.life());
        });
    }

    /** Calls the server in one of its lives only. */
    Calls inLife(String life) {
        return link.under((any, connection, operation, deadline) -> {
            if (!connection.life().equals(life)) {
                throw new ContextUnavailableException(operation + ": Redis was restarted since");
            }
        });
    }

    Names names() {
        return names;
    }

    void saw(CommitToken token) {
        known.accumulateAndGet(token.commit(), Math::max);
    }

    /** Refuses a token that is of another store; asks the server only about one that was not seen before. */
    void check(ReadScope scope) {
        link.checkOpen();
        CommitToken token = scope.atLeast();
        if (token.epoch() == 0 && token.commit() <= known.get()) {
            return;
        }
        if (token.epoch() != 0 || token.commit() > Events.commitAt(micros(scope.deadline()) + SKEW_MICROS)) {
            throw new InvalidRequestException("token", token + " is of another store, or of one that is gone");
        }
        saw(token);
    }

    /** Asks for the server's time. */
    long micros(Deadline deadline) {
        List<byte[]> time = link.read("time", deadline, commands -> commands.time());
        return Long.parseLong(Names.text(time.get(0))) * 1_000_000 + Long.parseLong(Names.text(time.get(1)));
    }
}
