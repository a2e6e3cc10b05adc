package io.contextdb.backend.embedded;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.error.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The stores that this process has open: a directory that is opened again shares the store, until the last one closes. */
final class OpenStores {
    private static final OpenStores PROCESS = new OpenStores();

    private static final class Shared {
        final ReentrantLock opening = new ReentrantLock();
        /** Guarded by {@code opening}; empty before it is opened and after it was closed. */
        java.util.Optional<Store> store = java.util.Optional.empty();
        /** Who uses or waits for it; guarded by the map's lock. */
        int users;
    }

    private final Map<Path, Shared> shared = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    static OpenStores process() {
        return PROCESS;
    }

    /** Opens the store in a directory, or shares it; {@code create} says whether it may be made if there is none. */
    Store open(Path directory, Settings settings, boolean create) {
        Path real = real(directory, create);
        Shared one = enter(real);
        one.opening.lock();
        try {
            if (one.store.isEmpty()) {
                one.store = java.util.Optional.of(Store.open(real, settings));
            } else if (!one.store.get().files().areThere()) {
                throw one.store.get().files().error(Outcome.NOT_APPLIED);
            } else if (!one.store.get().settings().equals(settings)) {
                throw new InvalidRequestException(
                        "options",
                        "differ from those that " + real + " is open with: "
                                + one.store.get().settings());
            }
            return one.store.get();
        } catch (RuntimeException failed) {
            leave(real, one);
            throw failed;
        } finally {
            one.opening.unlock();
        }
    }

    void close(Store store) {
        Path real = store.directory();
        Shared one = find(real);
        one.opening.lock();
        try {
            if (leave(real, one)) {
                one.store = java.util.Optional.empty();
                store.close();
            }
        } finally {
            one.opening.unlock();
        }
    }

    private Shared enter(Path real) {
        lock.lock();
        try {
            Shared one = shared.computeIfAbsent(real, path -> new Shared());
            one.users++;
            return one;
        } finally {
            lock.unlock();
        }
    }

    private Shared find(Path real) {
        lock.lock();
        try {
            Shared one = shared.get(real);
            if (one == null) {
                throw new IllegalStateException(real + " is not open");
            }
            return one;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether nobody uses the store any more. One that waits for it to close opens it anew. */
    private boolean leave(Path real, Shared one) {
        lock.lock();
        try {
            one.users--;
            if (one.users == 0) {
                shared.remove(real);
            }
            return one.users == 0;
        } finally {
            lock.unlock();
        }
    }

    private static Path real(Path directory, boolean create) {
        StoreDirectory.check(directory, create);
        try {
            FileRights.createDirectory(directory);
            return directory.toRealPath();
        } catch (IOException failed) {
            throw new ContextUnavailableException(
                    "directory " + directory + " cannot be created or entered: " + failed, Outcome.NOT_APPLIED, failed);
        }
    }
}
