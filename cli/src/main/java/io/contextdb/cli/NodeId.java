package io.contextdb.cli;

import io.contextdb.spi.error.InvalidRequestException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads the ids that the command prints. */
public final class NodeId {
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private NodeId() {}

    /** Returns the id that a text is. */
    public static UUID parse(String text) {
        if (!ID.matcher(text).matches()) {
            throw new InvalidRequestException(
                    "id",
                    "must be a UUID as answers show it, is '" + text.substring(0, Math.min(60, text.length())) + "'");
        }
        return UUID.fromString(text);
    }
}
