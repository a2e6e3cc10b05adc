package io.contextdb.internal.call;

/**
 * Keeps retries from multiplying load on a store in trouble: each call earns a fraction of a retry, each retry spends one, and
 * the account holds a bounded sum (Finagle's retry budget). Thread-safe.
 */
final class RetryBudget {
    private static final double EARNED_PER_CALL = 0.1;
    private static final double MOST = 20;

    private double balance = MOST;

    synchronized void earn() {
        balance = Math.min(MOST, balance + EARNED_PER_CALL);
    }

    synchronized boolean spend() {
        if (balance < 1) {
            return false;
        }
        balance--;
        return true;
    }
}
