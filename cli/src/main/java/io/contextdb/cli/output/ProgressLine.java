package io.contextdb.cli.output;

import java.util.Locale;
import java.util.function.Supplier;

/** A bar that is drawn again and again on a terminal, or a line every few seconds elsewhere. Not thread-safe. */
public final class ProgressLine {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final int BAR = 24;

    private final Terminal terminal;
    private long last;
    private boolean drawn;

    /** Draws on a terminal. */
    public ProgressLine(Terminal terminal) {
        this.terminal = terminal;
        this.last = System.nanoTime();
    }

    /** Shows a share in [0, 1] and some detail, unless that was done a moment ago. */
    public void show(double share, Supplier<String> detail) {
        long now = System.nanoTime();
        if (now - last < (terminal.interactive() ? REDRAW_NANOS : LINE_NANOS)) {
            return;
        }
        last = now;
        String percent = String.format(Locale.ROOT, "%3.0f %%", 100 * Math.min(1, share));
        if (terminal.interactive()) {
            int full = (int) Math.round(BAR * Math.min(1, share));
            String bar = "█".repeat(full) + "░".repeat(BAR - full);
            terminal.redraw(Terminal.cut(bar + " " + percent + "  " + detail.get(), terminal.width() - 1));
            drawn = true;
        } else {
            terminal.note(percent.strip() + "  " + detail.get());
        }
    }

    /** Takes the bar away. */
    public void end() {
        if (drawn) {
            terminal.clear();
            drawn = false;
        }
    }
}
