package io.contextdb.cli;

/** Where the process begins. */
public final class Main {
    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new Contextdb(Surroundings.ofProcess()).run(args));
    }
}
