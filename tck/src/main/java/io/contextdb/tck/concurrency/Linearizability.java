package io.contextdb.tck.concurrency;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for an order of the calls of a history that keeps "ended before the other began" and in which every answer is right: Wing
 * and Gong 1993, "Testing and verifying concurrent objects", with the states seen remembered (Lowe 2017). For at most 64 calls;
 * histories of single entities are short, and their versions leave few orders to try.
 *
 * @param <S> type of the state, with equality
 */
final class Linearizability<S> {
    private record Seen<S>(long done, S state) {}

    private final List<Call<S>> calls;
    private final long certain;
    private final Set<Seen<S>> seen = new HashSet<>();

    private Linearizability(List<Call<S>> history) {
        calls = new ArrayList<>(history);
        calls.sort(Comparator.comparingLong(Call::begin));
        long mask = 0;
        for (int i = 0; i < calls.size(); i++) {
            mask |= calls.get(i).isCertain() ? 1L << i : 0;
        }
        certain = mask;
    }

    /** Returns the history as text if there is no such order; empty if there is one. */
    static <S> Optional<String> violation(List<Call<S>> history, S initial) {
        if (history.size() > Long.SIZE) {
            throw new IllegalArgumentException("at most 64 calls, not " + history.size());
        }
        Linearizability<S> search = new Linearizability<>(history);
        return search.isPossible(0, initial) ? Optional.empty() : Optional.of(search.text());
    }

    private boolean isPossible(long done, S state) {
        if ((done & certain) == certain) {
            return true;
        }
        if (!seen.add(new Seen<>(done, state))) {
            return false;
        }
        long firstEnd = Long.MAX_VALUE;
        for (int i = 0; i < calls.size(); i++) {
            if ((done & 1L << i) == 0) {
                firstEnd = Math.min(firstEnd, calls.get(i).end());
            }
        }
        for (int i = 0; i < calls.size() && calls.get(i).begin() <= firstEnd; i++) {
            if ((done & 1L << i) == 0) {
                Optional<S> after = calls.get(i).effect().apply(state);
                if (after.isPresent() && isPossible(done | 1L << i, after.get())) {
                    return true;
                }
            }
        }
        return false;
    }

    private String text() {
        StringBuilder text = new StringBuilder("no order of these calls explains their answers (times in µs):");
        long start = calls.get(0).begin();
        for (Call<S> call : calls) {
            text.append(String.format(
                    "%n  %8d %8s  %s",
                    (call.begin() - start) / 1_000,
                    call.isCertain() ? Long.toString((call.end() - start) / 1_000) : "?",
                    call.text()));
        }
        return text.toString();
    }
}
