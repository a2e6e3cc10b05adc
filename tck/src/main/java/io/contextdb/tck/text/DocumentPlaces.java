package io.contextdb.tck.text;

import io.contextdb.Documents;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Texts of collections and documents. */
final class DocumentPlaces {
    private static final String NUMBER = "the number";

    private DocumentPlaces() {}

    static List<Place> all() {
        return List.of(
                collection(),
                id(),
                subject(),
                value("value", text -> PropertyMap.of("text", text), text -> Filter.eq(Field.property("text"), text)),
                value(
                        "element",
                        text -> PropertyMap.of("list", List.of("another", text)),
                        text -> Filter.and(
                                Filter.contains(Field.property("list"), text),
                                Filter.ne(Field.property("list"), List.of(text)))),
                value(
                        "one of many",
                        text -> PropertyMap.of("in", text),
                        text -> Filter.in(Field.property("in"), List.of("of many", text, 7))),
                value(
                        "map",
                        text -> PropertyMap.of("map", Map.of("key", text)),
                        text -> Filter.eq(Field.property("map"), Map.of("key", text))),
                value(
                                "key",
                                text -> PropertyMap.of("keys", Map.of(text + "!", true)),
                                text -> Filter.exists(Field.property("keys", text + "!")))
                        .finding(Rule.any()),
                value(
                                "outer key",
                                text -> PropertyMap.of("=" + text, 1),
                                text -> Filter.eq(Field.property("=" + text), 1))
                        .finding(Rule.any()),
                value(
                        "filter's text",
                        text -> PropertyMap.of("written", text),
                        // The text of a filter is limited as a whole.
                        text -> text.length() > 10_000
                                ? Filter.eq(Field.property("written"), text)
                                : Filter.parse(Filter.eq(Field.property("written"), text)
                                        .text())));
    }

    private static Place collection() {
        return Place.of(
                        "collection",
                        Capability.DOCUMENTS,
                        Rule.bytes(1, 128),
                        "collection",
                        (namespace, batch, text, number) -> batch.accept(
                                DocumentMutation.PutDocument.of(text, "d", PropertyMap.of(NUMBER, number))),
                        (namespace, text) -> numbers(namespace.documents(text).findAll(Filter.everything())))
                .also("collection", (namespace, text) -> namespace.batch().put(text, "d", PropertyMap.empty()))
                .also(
                        "collection",
                        (namespace, text) -> new DocumentMutation.DeleteDocument(text, "d", Condition.none()))
                .also("collection", (namespace, text) -> new DocumentMutation.DeclareIndex(text, List.of("a")));
    }

    private static Place id() {
        return Place.of(
                        "document",
                        Capability.DOCUMENTS,
                        Rule.bytes(1, 512),
                        "id",
                        (namespace, batch, text, number) -> batch.accept(
                                DocumentMutation.PutDocument.of("ids", text, PropertyMap.of(NUMBER, number))),
                        (namespace, text) -> numbers(namespace.documents("ids").get(text).stream()
                                .map(found -> found.id().equals(text) ? found : other(found))))
                .also("ids", (namespace, text) -> docs(namespace).get(List.of("a", text)))
                .also("id", (namespace, text) -> docs(namespace).put(text, PropertyMap.empty()))
                .also(
                        "id",
                        (namespace, text) ->
                                docs(namespace).putAll(Map.of("a", PropertyMap.empty(), text, PropertyMap.empty())))
                .also("id", (namespace, text) -> docs(namespace).patch(text, PropertyMap.empty()))
                .also("id", (namespace, text) -> docs(namespace).delete(text));
    }

    private static Documents docs(io.contextdb.Namespace namespace) {
        return namespace.documents("ids");
    }

    private static Document other(Document found) {
        return new Document(
                found.id(), PropertyMap.of(NUMBER, -1), found.subject(), found.version(), found.updatedAt());
    }

    private static Place subject() {
        return Place.of(
                        "document's subject",
                        Capability.DOCUMENTS,
                        Rule.bytes(0, 512),
                        "subject",
                        (namespace, batch, text, number) -> batch.accept(new DocumentMutation.PutDocument(
                                "subjects", "d" + number, PropertyMap.of(NUMBER, number), text, Condition.none())),
                        (namespace, text) ->
                                numbers(namespace.documents("subjects").findAll(Filter.eq(Field.subject(), text))))
                .byFilter()
                .emptyIsNone();
    }

    /** A text inside a document, by which a filter finds it. */
    private static Place value(String name, Function<String, PropertyMap> body, Function<String, Filter> filter) {
        return Place.of(
                        "document's " + name,
                        Capability.DOCUMENTS,
                        Rule.any(),
                        "",
                        (namespace, batch, text, number) -> batch.accept(DocumentMutation.PutDocument.of(
                                name, "d" + number, body.apply(text).with(NUMBER, number))),
                        (namespace, text) -> {
                            List<Document> found = namespace
                                    .documents(name)
                                    .findAll(filter.apply(text), SortKey.ascending("text"))
                                    .toList();
                            PropertyMap kept = body.apply(text);
                            return numbers(found.stream()
                                    .map(document ->
                                            document.body().without(NUMBER).equals(kept) ? document : other(document)));
                        })
                .also("", (namespace, text) -> docs(namespace).patch("d", body.apply(text)))
                .byFilter();
    }

    private static List<Integer> numbers(Stream<Document> found) {
        return found.map(document ->
                        Math.toIntExact(document.body().integer(NUMBER).orElse(-1L)))
                .toList();
    }
}
