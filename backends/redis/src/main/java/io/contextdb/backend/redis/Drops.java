package io.contextdb.backend.redis;

import static io.contextdb.backend.redis.Names.bytes;

import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.NamespaceDrop;
import java.util.List;

/**
 * Drops namespaces by {@code drop.lua}, a portion with each call. From the first on the namespace is dropped for everybody: it is held,
 * and who comes upon it goes on with the drop before he has his own turn.
 */
final class Drops {
    private static final byte[] NONE = {};

    /** What is to be done. */
    enum Purpose {
        DROP("A"),
        HOLD("H"),
        FINISH("F"),
        GO_ON("C");

        private final String letter;

        Purpose(String letter) {
            this.letter = letter;
        }
    }

    private Drops() {}

    /** Drops a namespace, or finishes a drop that another store has decided, and returns its token. */
    static CommitToken drop(
            NamespaceDrop drop, boolean remembers, Purpose purpose, Calls calls, Deadline deadline, byte[] root) {
        byte[] operation = remembers ? OperationIds.write(drop.operationId()) : NONE;
        List<Object> answer =
                whole(calls, deadline, root, operation, drop.digest().toArray(), purpose);
        check(drop, answer);
        return new CommitToken(0, Long.parseLong(Names.text(answer.get(1))), 0);
    }

    /** Holds a namespace for its drop, and returns what became of that. */
    static String hold(NamespaceDrop drop, Calls calls, Deadline deadline, byte[] root) {
        List<Object> answer = whole(
                calls,
                deadline,
                root,
                OperationIds.write(drop.operationId()),
                drop.digest().toArray(),
                Purpose.HOLD);
        check(drop, answer);
        return Names.text(answer.get(1));
    }

    /** Goes on with a drop, whosever it is, to its end. */
    static void goOn(Calls calls, Deadline deadline, byte[] root) {
        whole(calls, deadline, root, NONE, NONE, Purpose.GO_ON);
    }

    /** Removals of others are no part of the call that comes upon them, so that where one fails nothing of that was applied. */
    private static List<Object> whole(
            Calls calls, Deadline deadline, byte[] root, byte[] operation, byte[] digest, Purpose purpose) {
        List<Object> answer;
        do {
            deadline.check("drop");
            answer = Script.DROP.once(
                    calls,
                    purpose == Purpose.GO_ON ? Outcome.NOT_APPLIED : Outcome.UNKNOWN,
                    deadline,
                    root,
                    operation,
                    digest,
                    bytes(BatchArguments.REMEMBERED_MILLIS),
                    bytes(purpose.letter));
        } while (Names.text(answer.get(0)).equals("MORE"));
        return answer;
    }

    private static void check(NamespaceDrop drop, List<Object> answer) {
        if (Names.text(answer.get(0)).equals("REUSED")) {
            throw new InvalidRequestException(
                    ErrorCode.OPERATION_ID_REUSED, "operationId", drop.operationId() + " was used for a batch");
        }
    }
}
