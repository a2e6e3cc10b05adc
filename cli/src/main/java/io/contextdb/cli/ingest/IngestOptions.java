package io.contextdb.cli.ingest;

/**
 * How an ingest goes about it.
 *
 * @param maxFileBytes longest content of a file
 * @param embedThreads threads that embed
 */
record IngestOptions(long maxFileBytes, int embedThreads) {}
