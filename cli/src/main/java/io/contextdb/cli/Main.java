package io.contextdb.cli;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the process begins. */
public final class Main {
    /** Held, because the logging system forgets loggers that nobody holds, and their levels. */
    private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        // It tells about vector instructions, which doctor does, too.
        LUCENE.setLevel(Level.SEVERE);
        System.exit(new Contextdb(Surroundings.ofProcess()).run(args));
    }
}
