package io.contextdb.spi.error;

/** Stable, machine-readable reason of a {@link ContextException}; names never change once released. */
public enum ErrorCode {
    /** The request breaks a rule of the contract or of its types; repeating it cannot help. */
    INVALID_REQUEST,
    /** The backend does not declare the capability that the call needs. */
    UNSUPPORTED_CAPABILITY,
    /** A value or batch exceeds a declared limit. */
    LIMIT_EXCEEDED,
    /** An expected version, an absence or a uniqueness did not hold; nothing was applied. */
    PRECONDITION_FAILED,
    /** An operation id was used before for a different batch. */
    OPERATION_ID_REUSED,
    /** What the call names does not exist: a vector space, an edge's end point, a consumer group. */
    NOT_FOUND,
    /** Credentials were refused or a right is missing. */
    ACCESS_DENIED,
    /** Stored data fails its own checks. */
    CORRUPT,
    /** The connection or backend was closed. */
    CLOSED,
    /** The store cannot be reached or used at present. */
    UNAVAILABLE,
    /** The deadline passed. */
    TIMEOUT,
    /** The store or the driver sheds load. */
    THROTTLED,
    /** Two writers collided in a way that a repeat resolves. */
    CONFLICT
}
