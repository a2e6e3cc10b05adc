package io.contextdb.cli.chunk;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.function.Consumer;

/** Reads the blocks of a text in one format. Thread-safe. */
@FunctionalInterface
public interface BlockReader {
    /** Hands on the blocks in the order of the text, while reading. */
    void read(BufferedReader text, Consumer<Block> blocks) throws IOException;
}
