package io.contextdb.backend.embedded;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/** Looks at the pages of a large file of records while it is in use, once after it was opened. */
final class PageWatch implements AutoCloseable {
    private final Records records;
    private final PageSums sums;
    private final Thread thread;
    private volatile String damage = "";
    private volatile boolean closed;

    PageWatch(Records records, PageSums sums) {
        this.records = records;
        this.sums = sums;
        this.thread = new Thread(this::run, "contextdb-pages");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Returns what is damaged; empty if nothing is, as far as was looked. */
    String damage() {
        return damage;
    }

    private void run() {
        try (StoreFile file = StoreFile.readable(records.file())) {
            Set<Integer> pages = sums.look(file, Set.of(), this::goOn).damaged();
            if (!pages.isEmpty()) {
                damage = records.file() + " is damaged in "
                        + pages.stream().limit(20).map(page -> "page " + page).collect(Collectors.joining(", "))
                        + "; open the store again, which sets them aside";
                System.getLogger(PageWatch.class.getName()).log(System.Logger.Level.ERROR, "{0}", damage);
            }
        } catch (IOException unreadable) {
            damage = records.file() + " cannot be read: " + unreadable;
        } catch (CancellationException closed) {
            // The store looks again when it is opened.
        }
    }

    private void goOn() {
        if (closed) {
            throw new CancellationException();
        }
    }

    /** Ends the look. */
    @Override
    public void close() {
        boolean interrupted = false;
        closed = true;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException hurried) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
