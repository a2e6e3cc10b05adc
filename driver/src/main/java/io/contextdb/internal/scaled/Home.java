package io.contextdb.internal.scaled;

import io.contextdb.spi.Backend;
import io.contextdb.spi.journal.Participant;

/**
 * A store that is home to models other than the graph.
 *
 * @param name what it is called in notes and watermarks: the option that named it first
 * @param backend the store
 * @param participant its part in batches that the source decides
 */
record Home(String name, Backend backend, Participant participant) {}
