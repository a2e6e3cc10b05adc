package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Defect.remembering;
import static io.contextdb.tck.faulty.Fault.asked;
import static io.contextdb.tck.faulty.Fault.in;
import static io.contextdb.tck.faulty.Fault.listed;
import static io.contextdb.tck.faulty.Fault.replaced;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.CodePointOrder;
import io.contextdb.spi.vector.Hit;
import io.contextdb.spi.vector.TextQuery;
import io.contextdb.spi.vector.VectorPoint;
import io.contextdb.spi.write.VectorMutation;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Mistakes with text search. */
final class TextDefects {
    private TextDefects() {}

    static List<Defect> all() {
        return text();
    }

    private static @Nullable VectorPoint old(Call call, VectorMutation.PutPoint put) {
        try {
            List<VectorPoint> old = call.healthy()
                    .vectors()
                    .get(call.before(), put.space(), List.of(put.point().id()));
            return old.isEmpty() ? null : old.get(0);
        } catch (InvalidRequestException noSpace) {
            return null;
        }
    }

    private static Defect words(String id, String sentence, UnaryOperator<String> change) {
        return of(
                id,
                sentence,
                "V7",
                call -> call.is("vectors.searchText")
                        ? call.rewriting(
                                        TextQuery.class,
                                        q -> new TextQuery(
                                                q.space(), change.apply(q.text()), q.k(), q.filter(), q.fuzzy()))
                                .proceed()
                        : call.proceed());
    }

    private static List<Defect> text() {
        return List.of(
                of(
                        "text-case-matters",
                        "Letters of texts are compared with their case.",
                        "V7",
                        in(
                                "vectors.searchText",
                                call -> kept(
                                        call,
                                        (q, hit) -> any(
                                                q.text(),
                                                word -> hit.point().text().contains(word))))),
                of(
                        "text-needs-every-word",
                        "Every word of a text query must match.",
                        "V7",
                        in(
                                "vectors.searchText",
                                call ->
                                        kept(
                                                call,
                                                (q, hit) -> List.of(q.text()
                                                                .toLowerCase(Locale.ROOT)
                                                                .split("[^\\p{L}\\p{N}]+"))
                                                        .stream()
                                                        .allMatch(word -> hit.point()
                                                                .text()
                                                                .toLowerCase(Locale.ROOT)
                                                                .contains(word))))),
                words(
                        "text-operators-understood",
                        "Words such as NOT in a text query are taken for operators.",
                        text -> text.contains(" NOT") || text.contains(" AND") ? "" : text),
                words(
                        "text-stop-words",
                        "Common words are not searched.",
                        text -> text.replaceAll("(?i)\\b(the|a|an|and|in|of|common)\\b", "")),
                words(
                        "text-accents-folded-away",
                        "Letters with accents in a query match nothing.",
                        text -> text.replaceAll("[^\\p{ASCII}]+", " ")),
                words(
                        "text-digits-not-searched",
                        "Numbers in texts are not searched.",
                        text -> text.replaceAll("\\d+", " ")),
                words(
                        "text-first-word-only",
                        "Only the first word of a query is searched.",
                        text -> text.strip().split("\\s+")[0]),
                of(
                        "accents-folded",
                        "Letters with and without accents are the same.",
                        "V7",
                        in("vectors.searchText", TextDefects::folded)),
                of(
                        "text-filter-after-top-k",
                        "Filters are applied to the k best texts.",
                        "V7 V3",
                        in("vectors.searchText", call -> {
                            List<List<Hit>> all = call.rewriting(TextQuery.class, q -> q.where(Filter.everything()))
                                    .result();
                            List<List<Hit>> kept = new ArrayList<>();
                            for (int i = 0; i < all.size(); i++) {
                                Filter filter =
                                        call.asked(TextQuery.class).get(i).filter();
                                kept.add(all.get(i).stream()
                                        .filter(hit -> filter.matches(hit.point()))
                                        .toList());
                            }
                            return kept;
                        })),
                of(
                        "text-filter-ignored",
                        "Text searches ignore their filter.",
                        "V7 V6",
                        asked("vectors.searchText", TextQuery.class, q -> q.where(Filter.everything()))),
                of(
                        "text-by-length",
                        "Texts are ranked without regard to their length.",
                        "V7",
                        listed(
                                "vectors.searchText",
                                (List<Hit> hits) -> hits.stream()
                                        .map(hit -> new Hit(
                                                hit.point(),
                                                hit.score()
                                                        * (3
                                                                + hit.point()
                                                                        .text()
                                                                        .length())))
                                        .sorted(Hit.ORDER)
                                        .toList())),
                of(
                        "text-by-count",
                        "Texts are ranked by how many of the words they have, not by how rare these are.",
                        "V7",
                        in(
                                "vectors.searchText",
                                call ->
                                        ranked(call, (q, hit) -> (double)
                                                List.of(q.text()
                                                                .toLowerCase(Locale.ROOT)
                                                                .split("\\W+"))
                                                        .stream()
                                                        .filter(word -> !word.isEmpty()
                                                                && hit.point()
                                                                        .text()
                                                                        .toLowerCase(Locale.ROOT)
                                                                        .contains(word))
                                                        .count()))),
                of(
                        "text-unscored",
                        "Every text that matches has the same score.",
                        "V7",
                        listed(
                                "vectors.searchText",
                                (List<Hit> hits) -> hits.stream()
                                        .map(hit -> new Hit(hit.point(), 1))
                                        .sorted(Hit.ORDER)
                                        .toList())),
                of(
                        "text-rank-as-score",
                        "Texts carry their rank in the place of their score, the first the lowest.",
                        "V7",
                        in(
                                "vectors.searchText",
                                call -> Rewriting.items(
                                        call.proceed(),
                                        (List<Hit> hits) -> hits.stream()
                                                .map(hit -> new Hit(hit.point(), -hit.score()))
                                                .toList()))),
                of(
                        "text-ties-by-hash",
                        "Texts with the same score come in the order of their hashes.",
                        "V7 G12",
                        listed(
                                "vectors.searchText",
                                (List<Hit> hits) -> hits.stream()
                                        .sorted(Comparator.comparing(Hit::score)
                                                .reversed()
                                                .thenComparing(
                                                        hit -> hit.point().id().hashCode()))
                                        .toList())),
                of(
                        "text-k-ignored",
                        "Text searches return everything that matches.",
                        "V7",
                        asked(
                                "vectors.searchText",
                                TextQuery.class,
                                q -> new TextQuery(q.space(), q.text(), 10_000, q.filter(), q.fuzzy()))),
                of(
                        "text-spelling-ignored",
                        "Text searches never find words that are only spelled alike.",
                        "V9",
                        asked("vectors.searchText", TextQuery.class, q -> spelled(q, false))),
                of(
                        "text-spelling-unasked",
                        "Text searches always find words that are spelled alike, too.",
                        "V9",
                        asked("vectors.searchText", TextQuery.class, q -> spelled(q, true))),
                of(
                        "text-spelling-as-good",
                        "Words that are only spelled alike count for as much as the words themselves.",
                        "V9",
                        in("vectors.searchText", TextDefects::asGood)),
                remembering("replaced-texts-found", "A text that was replaced is still found.", "V7 V5", () -> {
                    Map<UUID, String> replaced = new ConcurrentHashMap<>();
                    return call -> {
                        if (call.is("apply")) {
                            call.batch().mutations().stream()
                                    .filter(VectorMutation.PutPoint.class::isInstance)
                                    .map(VectorMutation.PutPoint.class::cast)
                                    .forEach(put -> {
                                        if (old(call, put) instanceof VectorPoint before
                                                && !before.text()
                                                        .equals(put.point().text())) {
                                            replaced.put(before.id(), before.text());
                                        }
                                    });
                        }
                        if (!call.is("vectors.searchText")) {
                            return call.proceed();
                        }
                        TextQuery first = call.asked(TextQuery.class).get(0);
                        List<UUID> stale = replaced.entrySet().stream()
                                .filter(entry -> entry.getValue().contains(first.text()))
                                .map(Map.Entry::getKey)
                                .toList();
                        return Rewriting.items(call.proceed(), (List<Hit> hits) -> {
                            Map<UUID, Hit> all = new HashMap<>();
                            hits.forEach(hit -> all.put(hit.point().id(), hit));
                            call.healthy()
                                    .vectors()
                                    .get(call.scope(), first.space(), stale)
                                    .forEach(point -> all.putIfAbsent(point.id(), new Hit(point.withoutVector(), 0)));
                            return all.values().stream().sorted(Hit.ORDER).toList();
                        });
                    };
                }));
    }

    private static TextQuery spelled(TextQuery q, boolean fuzzy) {
        return new TextQuery(q.space(), q.text(), q.k(), q.filter(), fuzzy);
    }

    private static Object asGood(Call call) {
        List<List<Hit>> found = call.result();
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            List<Hit> hits = found.get(i);
            double best = hits.stream().mapToDouble(Hit::score).max().orElse(0);
            results.add(
                    call.asked(TextQuery.class).get(i).fuzzy()
                            ? hits.stream()
                                    .map(hit -> new Hit(hit.point(), best))
                                    .sorted(Hit.ORDER)
                                    .toList()
                            : hits);
        }
        return results;
    }

    private static boolean any(String query, java.util.function.Predicate<String> word) {
        return List.of(query.split("[^\\p{L}\\p{N}]+")).stream().anyMatch(word);
    }

    private static Object kept(Call call, java.util.function.BiPredicate<TextQuery, Hit> which) {
        List<List<Hit>> found = call.result();
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            TextQuery q = call.asked(TextQuery.class).get(i);
            results.add(found.get(i).stream().filter(hit -> which.test(q, hit)).toList());
        }
        return results;
    }

    private static Object ranked(Call call, java.util.function.ToDoubleBiFunction<TextQuery, Hit> score) {
        List<List<Hit>> found = call.rewriting(
                        TextQuery.class, q -> new TextQuery(q.space(), q.text(), 10_000, q.filter(), q.fuzzy()))
                .result();
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            TextQuery q = call.asked(TextQuery.class).get(i);
            results.add(found.get(i).stream()
                    .map(hit -> new Hit(hit.point(), score.applyAsDouble(q, hit)))
                    .sorted(Hit.ORDER)
                    .limit(q.k())
                    .toList());
        }
        return results;
    }

    /** A search as an index without accents would answer it. */
    private static Object folded(Call call) {
        List<List<Hit>> found = call.result();
        List<List<Hit>> results = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            TextQuery q = call.asked(TextQuery.class).get(i);
            Set<String> words = java.util.Arrays.stream(plain(q.text()).split("[^\\p{L}\\p{N}]+"))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toCollection(() -> new TreeSet<>(CodePointOrder.INSTANCE)));
            Map<UUID, Hit> all = new HashMap<>();
            call
                    .healthy()
                    .vectors()
                    .scroll(call.scope(), q.space(), q.filter(), io.contextdb.spi.value.PageRequest.first())
                    .items()
                    .stream()
                    .filter(point -> any(plain(point.text()), words::contains))
                    .forEach(point -> all.put(point.id(), new Hit(point.withoutVector(), 0)));
            found.get(i).forEach(hit -> all.put(hit.point().id(), hit));
            results.add(all.values().stream().sorted(Hit.ORDER).limit(q.k()).toList());
        }
        return results;
    }

    private static String plain(String text) {
        return Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "");
    }
}
