package io.contextdb.cli.ingest;

import java.nio.file.Path;

/**
 * Why a file, or a part of it, was not ingested.
 *
 * @param file the file
 * @param reason what is wrong, as the end of a sentence that begins with the file
 */
public record FileProblem(Path file, String reason) {}
