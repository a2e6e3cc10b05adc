package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.ReadScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tokens are the source's; a commit of a home alone has the source's last one that is known here, with its own number behind. Homes
 * need none: each is one store that shows every commit at once, so a read of theirs only makes sure that the token is not of
 * somewhere else. Thread-safe.
 */
final class Tokens {
    private static final int REMEMBERED = 10_000;

    private final Backend source;
    private final AtomicReference<CommitToken> known = new AtomicReference<>(CommitToken.NONE);

    /** Tokens of the last commits of homes. */
    private final Map<UUID, CommitToken> atHome = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, CommitToken> eldest) {
            return size() > REMEMBERED;
        }
    };

    Tokens(Backend source) {
        this.source = source;
    }

    /** Learns of a commit of the source. */
    CommitToken saw(CommitToken token) {
        return known.accumulateAndGet(token, CommitToken::max);
    }

    /** Returns the token of a commit of a home: the same for one that is repeated, as long as this process remembers it. */
    CommitToken atHome(UUID operationId, CommitToken token) {
        CommitToken given = new CommitToken(known.get().epoch(), known.get().commit(), token.commit());
        synchronized (atHome) {
            CommitToken first = atHome.putIfAbsent(operationId, given);
            return first == null ? given : first;
        }
    }

    /** Returns the scope for a home, once the source was asked about a token that is not known. */
    ReadScope forHome(ReadScope scope) {
        if (scope.atLeast().compareTo(known.get()) > 0) {
            source.keys().get(scope, List.of("contextdb:token"));
            saw(scope.atLeast());
        }
        return new ReadScope(scope.namespace(), scope.deadline(), CommitToken.NONE);
    }
}
