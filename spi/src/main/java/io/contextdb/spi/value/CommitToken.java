package io.contextdb.spi.value;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.internal.Check;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Position of a commit, handed out with each receipt. A reader that presents it sees at least that commit (contract G7).
 * Tokens of one store are ordered; the later of two covers both.
 *
 * @param epoch counts changes of the deciding store (restore, fail-over); 0 or more
 * @param commit position of the commit within the epoch; 0 or more
 * @param sequence tie-break within the commit; 0 or more
 */
public record CommitToken(int epoch, long commit, long sequence) implements Comparable<CommitToken> {
    /** Covers nothing; earlier than every commit. */
    public static final CommitToken NONE = new CommitToken(0, 0, 0);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,10})-(\\d{1,19})-(\\d{1,19})");

    /** Checks the parts. */
    public CommitToken {
        Check.range("token.epoch", epoch, 0, Integer.MAX_VALUE);
        Check.range("token.commit", commit, 0, Long.MAX_VALUE);
        Check.range("token.sequence", sequence, 0, Long.MAX_VALUE);
    }

    /** Parses what {@link #toString} wrote. */
    public static CommitToken parse(String text) {
        Matcher matcher = TEXT.matcher(Check.notNull("token", text));
        if (matcher.matches()) {
            try {
                return new CommitToken(
                        Integer.parseInt(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3)));
            } catch (NumberFormatException tooLarge) {
                // Refused below, as everything that no token is.
            }
        }
        throw new InvalidRequestException(
                "token", "must be <epoch>-<commit>-<sequence>, is '" + Check.shown(text) + "'");
    }

    /** Returns the later of the two. */
    public CommitToken max(CommitToken other) {
        return compareTo(Check.notNull("token", other)) >= 0 ? this : other;
    }

    @Override
    public int compareTo(CommitToken other) {
        int byEpoch = Integer.compare(epoch, other.epoch);
        int byCommit = byEpoch != 0 ? byEpoch : Long.compare(commit, other.commit);
        return byCommit != 0 ? byCommit : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return epoch + "-" + commit + "-" + sequence;
    }
}
