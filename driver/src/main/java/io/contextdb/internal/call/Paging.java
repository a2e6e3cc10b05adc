package io.contextdb.internal.call;

import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Pages as streams: each page is read when the one before it is used up, so memory is bounded by one page. */
public final class Paging {
    private static final PageRequest FIRST = PageRequest.first(1_000);

    private Paging() {}

    /** Returns everything, page by page from the first. */
    public static <T> Stream<T> stream(Function<PageRequest, Page<T>> read) {
        return stream(FIRST, read);
    }

    /** Returns everything, page by page from a given one. */
    public static <T> Stream<T> stream(PageRequest first, Function<PageRequest, Page<T>> read) {
        return stream(new Chunks<T>() {
            private PageRequest next = first;
            private boolean more = true;

            @Override
            List<T> read() {
                if (!more) {
                    return List.of();
                }
                Page<T> page = read.apply(next);
                next = next.after(page.next());
                more = page.hasNext();
                // A page may be empty and still have a successor, where a filter left nothing of it.
                return page.items().isEmpty() && more ? read() : page.items();
            }
        });
    }

    /** Returns the events from a query's position on, as many at a time as the query says. */
    public static Stream<Event> events(EventQuery query, Function<EventQuery, List<Event>> read) {
        return stream(new Chunks<Event>() {
            private EventPosition after = query.after();

            @Override
            List<Event> read() {
                List<Event> events = read.apply(query.from(after));
                if (!events.isEmpty()) {
                    after = events.get(events.size() - 1).position();
                }
                return events;
            }
        });
    }

    private static <T> Stream<T> stream(Chunks<T> chunks) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(chunks, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    private abstract static class Chunks<T> implements Iterator<T> {
        private final Queue<T> held = new ArrayDeque<>();

        /** Returns the next items; none at the end. */
        abstract List<T> read();

        @Override
        public boolean hasNext() {
            if (held.isEmpty()) {
                held.addAll(read());
            }
            return !held.isEmpty();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return held.remove();
        }
    }
}
