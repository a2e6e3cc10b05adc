package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Fault.in;

import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Mistakes at the boundary of two pages, on every list that has pages. */
final class PageDefects {
    private static final Map<String, String> LISTS = Map.of(
            "graph.history", "N4 G12",
            "graph.edges", "N7 G12",
            "graph.edgeHistory", "N7 G12",
            "graph.sources", "N9 G12",
            "graph.diff", "N11 G12",
            "graph.scan", "N11 G12",
            "vectors.scroll", "V5b G12",
            "keys.scan", "K1 G12",
            "events.deadLetters", "E3 G12",
            "documents.find", "D2 G12");

    private PageDefects() {}

    static List<Defect> all() {
        List<Defect> all = new ArrayList<>();
        LISTS.keySet().stream().sorted().forEach(list -> {
            all.add(defect(list, "skips", "skips the first item of each further page", PageDefects::skipping));
            all.add(defect(list, "ends", "ends after its first page", PageDefects::ending));
        });
        for (String list : List.of("keys.scan", "graph.scan", "vectors.scroll", "documents.find", "graph.edges")) {
            all.add(defect(list, "repeats", "repeats the last item of each page", PageDefects::repeating));
            all.add(defect(list, "by-offset", "finds its next page by a number of items", PageDefects::byOffset));
        }
        return all;
    }

    private static Defect defect(String list, String what, String sentence, java.util.function.Supplier<Fault> fault) {
        return Defect.remembering(
                "pages-of-" + list.replace('.', '-').toLowerCase(Locale.ROOT) + "-" + what,
                "The list " + list + " " + sentence + ".",
                LISTS.get(list),
                () -> {
                    Fault inner = fault.get();
                    return in(list, call -> call.has(Collection.class) ? call.proceed() : inner.answer(call));
                });
    }

    private static PageRequest request(Call call) {
        PageRequest[] found = new PageRequest[1];
        call.rewriting(PageRequest.class, page -> found[0] = page);
        return found[0];
    }

    private static Fault skipping() {
        return call -> {
            Page<Object> page = call.result();
            boolean further = !request(call).cursor().isEmpty() && !page.items().isEmpty();
            return further ? new Page<>(page.items().subList(1, page.items().size()), page.next()) : page;
        };
    }

    private static Fault ending() {
        return call -> Page.last(((Page<?>) call.result()).items());
    }

    private static Fault repeating() {
        Map<String, Object> last = new ConcurrentHashMap<>();
        return call -> {
            Page<Object> page = call.result();
            if (page.hasNext()) {
                last.put(page.next(), page.items().getLast());
            }
            Object before = last.get(request(call).cursor());
            if (before == null) {
                return page;
            }
            List<Object> items = new ArrayList<>(List.of(before));
            items.addAll(page.items());
            return new Page<>(items, page.next());
        };
    }

    /** Its cursors stand for a number of items; cursors that it did not give go on to the backend. */
    private static Fault byOffset() {
        Set<String> given = ConcurrentHashMap.newKeySet();
        return call -> {
            PageRequest asked = request(call);
            if (!asked.cursor().isEmpty() && !given.contains(asked.cursor())) {
                return call.proceed();
            }
            int from = asked.cursor().isEmpty() ? 0 : Integer.parseInt(asked.cursor());
            Page<Object> all = call.rewriting(PageRequest.class, page -> PageRequest.first(PageRequest.MAX_LIMIT))
                    .result();
            int to = Math.min(all.items().size(), from + asked.limit());
            String next = to < all.items().size() ? Integer.toString(to) : "";
            given.add(next);
            return new Page<>(all.items().subList(Math.min(from, to), to), next);
        };
    }
}
