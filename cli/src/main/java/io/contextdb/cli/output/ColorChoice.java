package io.contextdb.cli.output;

import java.util.Map;

/** When output is coloured. */
public enum ColorChoice {
    /** On a terminal, unless {@code NO_COLOR} is set. */
    auto,
    /** Always. */
    always,
    /** Never. */
    never;

    /** Returns whether output is coloured. */
    public boolean onTerminal(boolean terminal, Map<String, String> environment) {
        return switch (this) {
            case always -> true;
            case never -> false;
            case auto ->
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM"));
        };
    }
}
