package io.contextdb.spi.event;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Place of an event in its namespace's log; positions follow commit order for every reader (contract E1). Gaps mean
 * nothing.
 *
 * @param commit order of the commit; 0 or more
 * @param sequence order within the commit; 0 or more
 */
public record EventPosition(long commit, long sequence) implements Comparable<EventPosition> {
    /** Before the first event. */
    public static final EventPosition START = new EventPosition(0, 0);

    /** After every event that can be. */
    public static final EventPosition END = new EventPosition(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,19})-(\\d{1,19})");

    /** Checks the parts. */
    public EventPosition {
        Check.range("position.commit", commit, 0, Long.MAX_VALUE);
        Check.range("position.sequence", sequence, 0, Long.MAX_VALUE);
    }

    /** Parses what {@link #toString} wrote. */
    public static EventPosition parse(String text) {
        Matcher matcher = TEXT.matcher(Check.notNull("position", text));
        if (matcher.matches()) {
            try {
                return new EventPosition(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            } catch (NumberFormatException tooLarge) {
                // Refused below, as everything that no position is.
            }
        }
        throw new InvalidRequestException("position", "must be <commit>-<sequence>, is '" + Check.shown(text) + "'");
    }

    @Override
    public int compareTo(EventPosition other) {
        int byCommit = Long.compare(commit, other.commit);
        return byCommit != 0 ? byCommit : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return commit + "-" + sequence;
    }
}
