package io.contextdb.spi.error;

/** The backend does not declare the capability that the call needs; nothing weaker was done in its place. */
public final class UnsupportedCapabilityException extends ContextNonTransientException {
    private static final long serialVersionUID = 1L;

    private final String capability;

    /** Creates the error for a capability, by its name, of a backend, by its product name. */
    public UnsupportedCapabilityException(String capability, String product) {
        super(
                ErrorCode.UNSUPPORTED_CAPABILITY,
                product + " does not offer the capability " + capability
                        + "; what it offers is listed in its info, which the command doctor shows",
                null);
        this.capability = capability;
    }

    /** Returns the name of the missing capability. */
    public String capability() {
        return capability;
    }
}
