package io.contextdb.spi.error;

/** The request breaks a rule; found before anything was written. Names the field, the problem and the rule. */
public final class InvalidRequestException extends ContextNonTransientException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** Creates the error with a code other than {@link ErrorCode#INVALID_REQUEST}: a limit, a missing thing, a reused id. */
    public InvalidRequestException(ErrorCode code, String field, String problem) {
        super(code, field + ": " + problem, null);
        this.field = field;
    }

    /** Creates the error; {@code problem} is the rest of the sentence after the field's name. */
    public InvalidRequestException(String field, String problem) {
        this(ErrorCode.INVALID_REQUEST, field, problem);
    }

    /** Returns the name of the field or part that is wrong, as the API spells it. */
    public String field() {
        return field;
    }
}
