package io.contextdb.tck.differential;

import io.contextdb.Namespace;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.write.WriteBatch;
import io.contextdb.spi.write.WriteReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** One namespace of one of the two stores while a script runs, and what the store has chosen in it so far. Not thread-safe. */
final class Side {
    /**
     * Something that a store chose.
     *
     * @param java expression for it in the script
     * @param value what was chosen
     */
    record Origin<T>(String java, T value) {}

    private final Namespace namespace;
    private final String variable;
    private final boolean reference;
    private final List<WriteBatch> batches = new ArrayList<>();
    private final List<WriteReceipt> receipts = new ArrayList<>();
    private final Map<Instant, String> commits = new HashMap<>();
    private final Map<String, List<Origin<Long>>> versions = new HashMap<>();
    private final List<Origin<EventPosition>> events = new ArrayList<>();
    private final Map<EventPosition, String> eventNames = new HashMap<>();
    private final NavigableMap<Integer, Origin<WriteReceipt>> bySteps = new TreeMap<>();
    private int receiptsEver;
    private int step;

    Side(Namespace namespace, String variable, boolean reference) {
        this.namespace = namespace;
        this.variable = variable;
        this.reference = reference;
    }

    Namespace namespace() {
        return namespace;
    }

    String variable() {
        return variable;
    }

    /** Returns whether this is the memory backend, whose answers count. */
    boolean isReference() {
        return reference;
    }

    /** Says which step comes now. */
    void begin(int id) {
        step = id;
    }

    /** Returns what shows values of this side. */
    View view() {
        return new View(this);
    }

    /** Returns the name of the variable that the next receipt goes to. */
    String nextReceipt() {
        return variable + (receiptsEver + 1);
    }

    /** Keeps a receipt. */
    void applied(WriteBatch batch, WriteReceipt receipt) {
        receiptsEver++;
        batches.add(batch);
        receipts.add(receipt);
        bySteps.put(step, new Origin<>(variable + receiptsEver, receipt));
        commits.putIfAbsent(receipt.committedAt(), "@" + variable + receiptsEver);
    }

    /** Keeps the version that a result of the latest receipt tells of. */
    void wrote(String entity, int result, String accessor, long version) {
        List<Origin<Long>> known = versions.computeIfAbsent(entity, key -> new ArrayList<>());
        if (known.isEmpty() || known.getLast().value() != version) {
            known.add(new Origin<>("((MutationResult." + accessor + ") " + result(result) + ").version()", version));
        }
    }

    /** Keeps the position of an event that a result of the latest receipt tells of. */
    void appended(int result, EventPosition position) {
        events.add(new Origin<>("((MutationResult.Appended) " + result(result) + ").position()", position));
        eventNames.put(position, "event " + events.size());
    }

    private String result(int index) {
        return variable + receiptsEver + ".results().get(" + index + ")";
    }

    /** Returns the n-th latest applied batch, from 0. */
    Optional<WriteBatch> batch(int back) {
        return latest(batches, back);
    }

    /** Returns the receipt of the n-th latest applied batch, from 0, and its variable. */
    Optional<Origin<WriteReceipt>> receipt(int back) {
        return latest(receipts, back).map(receipt -> new Origin<>(variable + (receiptsEver - back), receipt));
    }

    /** Returns the latest receipt up to a step, and its variable. */
    Optional<Origin<WriteReceipt>> receiptUpTo(int upTo) {
        return Optional.ofNullable(bySteps.floorEntry(upTo)).map(Map.Entry::getValue);
    }

    /** Returns the n-th latest version of a key or document, from 0. */
    Optional<Origin<Long>> version(String entity, int back) {
        return latest(versions.getOrDefault(entity, List.of()), back);
    }

    /** Returns the n-th latest event, from 0. */
    Optional<Origin<EventPosition>> event(int back) {
        return latest(events, back);
    }

    private static <T> Optional<T> latest(List<T> all, int back) {
        return back < all.size() ? Optional.of(all.get(all.size() - 1 - back)) : Optional.empty();
    }

    /** Returns the name of an instant: that of its commit, or the instant itself. */
    String name(Instant instant) {
        return commits.getOrDefault(instant, instant.equals(Instant.MAX) ? "open" : instant.toString());
    }

    /** Returns which of the known versions of a key or document a version is. */
    String version(String entity, long version) {
        List<Origin<Long>> known = versions.getOrDefault(entity, List.of());
        for (int i = known.size() - 1; i >= 0; i--) {
            if (known.get(i).value() == version) {
                return "version " + (i + 1) + " of " + known.size();
            }
        }
        return version == 0 ? "absent" : "a version that no receipt told";
    }

    /** Returns which event a position is of. */
    String event(EventPosition position) {
        return eventNames.getOrDefault(position, "no event");
    }

    /** Returns how many events there ever were up to a position. */
    long eventsUpTo(EventPosition position) {
        return events.stream()
                .filter(event -> event.value().compareTo(position) <= 0)
                .count();
    }

    /** Returns whether every receipt is later than the one before. */
    boolean inOrder() {
        int n = receipts.size();
        return n < 2
                || (receipts.get(n - 1)
                                .committedAt()
                                .isAfter(receipts.get(n - 2).committedAt())
                        && receipts.get(n - 1)
                                        .token()
                                        .compareTo(receipts.get(n - 2).token())
                                > 0);
    }
}
