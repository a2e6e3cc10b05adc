package io.contextdb.backend.redis;

import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.PreconditionFailedException;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.journal.Participant;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.MutationResult;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Answers of {@code apply.lua} as receipts and errors. */
final class Receipts {
    private Receipts() {}

    /** Returns whether the namespace must be registered before the batch is sent again. */
    static boolean asksToRegister(List<Object> answer) {
        return Names.text(answer.get(0)).equals("NEW");
    }

    static WriteReceipt of(WriteBatch batch, List<Object> answer) {
        check(batch, answer);
        String[] lines = Names.text(answer.get(1)).split("\n", -1);
        if (lines.length != batch.mutations().size() + 1) {
            throw new CorruptDataException("a remembered receipt cannot be read; the store was damaged", null);
        }
        Iterator<?> claims = ((List<?>) answer.get(2)).iterator();
        long commit = Long.parseLong(lines[0]);
        List<MutationResult> results = new ArrayList<>(lines.length - 1);
        for (int i = 1; i < lines.length; i++) {
            results.add(result(lines[i].split(" ", -1), commit, i - 1, claims));
        }
        return new WriteReceipt(
                batch.operationId(), results, new CommitToken(0, commit, 0), Events.committedAt(commit));
    }

    /** Returns the receipt of a batch that was one put. */
    static WriteReceipt of(WriteBatch batch, PutGroups.Put put) {
        return new WriteReceipt(
                batch.operationId(),
                List.of(new MutationResult.Written(put.version())),
                new CommitToken(0, put.commit(), 0),
                Events.committedAt(put.commit()));
    }

    /** Returns what became of a hold that was not refused. */
    static Participant.Hold.State hold(List<Object> answer) {
        return Participant.Hold.State.valueOf(Names.text(answer.get(1)));
    }

    /** Throws why a batch was refused, if it was. */
    static void check(WriteBatch batch, List<Object> answer) {
        String verdict = Names.text(answer.get(0));
        if (!verdict.equals("OK")) {
            throw refusal(batch, verdict, answer);
        }
    }

    private static MutationResult result(String[] parts, long commit, int index, Iterator<?> claims) {
        return switch (parts[0]) {
            case "D" -> new MutationResult.Done();
            case "W" -> new MutationResult.Written(Long.parseLong(parts[1]));
            case "S" -> new MutationResult.Skipped(Long.parseLong(parts[1]));
            case "R" -> new MutationResult.Removed(Long.parseLong(parts[1]));
            case "C" -> new MutationResult.Counter(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
            case "P" ->
                new MutationResult.Permits(
                        parts[1].equals("1"),
                        Long.parseLong(parts[2]),
                        Duration.of(Long.parseLong(parts[3]), ChronoUnit.MICROS));
            case "A" -> new MutationResult.Appended(new EventPosition(commit, index));
            case "X" -> claimed(parts[1], (List<?>) claims.next());
            default -> throw new CorruptDataException("no result is of kind " + parts[0], null);
        };
    }

    /** Events that were trimmed since the first receipt are left out of a repeated one. */
    private static MutationResult claimed(String text, List<?> events) {
        Map<EventPosition, Event> claimed = new HashMap<>();
        for (Object fields : events) {
            Event event = Events.event((List<?>) fields);
            claimed.put(event.position(), event);
        }
        List<Delivery> deliveries = new ArrayList<>();
        for (String claim : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String[] parts = claim.split(":", -1);
            Event event = claimed.get(EventPosition.parse(parts[0]));
            if (event != null) {
                deliveries.add(new Delivery(
                        event, Integer.parseInt(parts[1]), Instant.ofEpochMilli(Long.parseLong(parts[2]))));
            }
        }
        return new MutationResult.Claimed(deliveries);
    }

    private static RuntimeException refusal(WriteBatch batch, String verdict, List<Object> answer) {
        if (verdict.equals("REUSED")) {
            return new InvalidRequestException(
                    ErrorCode.OPERATION_ID_REUSED, "operationId", batch.operationId() + " was used for another batch");
        }
        int index = Integer.parseInt(Names.text(answer.get(1)));
        String name = Names.text(answer.get(3));
        return switch (verdict) {
            case "PRECONDITION" -> precondition(batch, index, Long.parseLong(Names.text(answer.get(2))), name);
            case "NO_COUNTER" ->
                new InvalidRequestException("increment.key", "'" + name + "' holds no decimal 64-bit integer");
            case "OVERFLOW" ->
                new InvalidRequestException("increment.delta", "would take '" + name + "' beyond 64 bits");
            case "NO_GROUP" -> noGroup(name);
            default -> new CorruptDataException("Redis answered a batch with " + verdict, null);
        };
    }

    static InvalidRequestException noGroup(String name) {
        return new InvalidRequestException(
                ErrorCode.NOT_FOUND, "group", "'" + name + "' does not exist; create it first");
    }

    private static PreconditionFailedException precondition(WriteBatch batch, int index, long current, String key) {
        Condition condition = condition(batch.mutations().get(index));
        try {
            condition.admits(index, current, "key '" + key + "'");
        } catch (PreconditionFailedException failed) {
            return failed;
        }
        throw new CorruptDataException("Redis judged a condition of mutation " + index + " otherwise", null);
    }

    private static Condition condition(Mutation mutation) {
        return switch (mutation) {
            case KeyMutation.PutKey put -> put.condition();
            case KeyMutation.DeleteKey delete -> delete.condition();
            default -> Condition.none();
        };
    }
}
