package io.contextdb.embedder.minilm;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one model of the JVM, loaded by its first user and kept. Freeing it with its last user gives a tenth of its memory
 * back to the system, and opening and closing embedders in turn then grows the process to a gigabyte, for the allocator
 * keeps what each worker's thread had (measured with glibc). Thread-safe.
 */
final class SharedModel {
    private static final ReentrantLock LOCK = new ReentrantLock();

    /** Under {@link #LOCK}; set once, a failure is tried again. */
    private static @Nullable SentenceModel model;

    private SharedModel() {}

    static SentenceModel get() {
        LOCK.lock();
        try {
            SentenceModel loaded = model == null ? SentenceModel.load() : model;
            model = loaded;
            return loaded;
        } finally {
            LOCK.unlock();
        }
    }
}
