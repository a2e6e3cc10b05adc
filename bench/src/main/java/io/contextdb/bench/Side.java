package io.contextdb.bench;

/**
 * One of the two that are compared.
 *
 * @param name what it is, as the tables say it
 * @param preparation makes what a round uses up; not counted
 * @param most operations of one caller in a round at most, where a preparation has to make something for each
 * @param operation what is counted
 */
public record Side(String name, Preparation preparation, int most, Operation operation) {
    /** Makes ready for a round. */
    @FunctionalInterface
    public interface Preparation {
        /** Makes what this many operations, of all callers together, use up. */
        void prepare(int operations) throws Exception;
    }

    /** Returns a side that needs no preparation. */
    public static Side of(String name, Operation operation) {
        return new Side(name, operations -> {}, Integer.MAX_VALUE, operation);
    }

    /** Returns a side whose rounds use up what a preparation makes, for this many operations at most. */
    public static Side prepared(String name, int most, Preparation preparation, Operation operation) {
        return new Side(name, preparation, most, operation);
    }
}
