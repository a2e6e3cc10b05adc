package io.contextdb.memory;

/**
 * How a leg of a retrieval went (contract M8).
 *
 * @param leg the leg
 * @param status how it went
 * @param candidates how many candidates it found
 * @param detail why it did not run or failed, or ""
 */
public record LegReport(Leg leg, Status status, int candidates, String detail) {
    /** How a leg went. */
    public enum Status {
        /** It ran. */
        DONE,
        /** It was not asked for, or had nothing to start from. */
        NOT_RUN,
        /** The backend does not offer it. */
        NOT_OFFERED,
        /** It failed or was late, and the query takes partial answers. */
        FAILED
    }
}
