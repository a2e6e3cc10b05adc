package io.contextdb.embedder.minilm;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one model of the JVM: the first user loads it, the last one frees it. Thread-safe. */
final class SharedModel {
    private static final ReentrantLock LOCK = new ReentrantLock();

    /** Under {@link #LOCK}: there is a model exactly while there are users. */
    private static @Nullable SentenceModel model;

    private static int users;

    private SharedModel() {}

    /** Returns the model, which stays loaded until {@link #release}. */
    static SentenceModel acquire() {
        LOCK.lock();
        try {
            SentenceModel loaded = model == null ? SentenceModel.load() : model;
            model = loaded;
            users++;
            return loaded;
        } finally {
            LOCK.unlock();
        }
    }

    /** Ends one use. */
    static void release() {
        LOCK.lock();
        try {
            users--;
            SentenceModel unused = model;
            if (users == 0 && unused != null) {
                model = null;
                unused.close();
            }
        } finally {
            LOCK.unlock();
        }
    }

    static boolean loaded() {
        LOCK.lock();
        try {
            return model != null;
        } finally {
            LOCK.unlock();
        }
    }
}
