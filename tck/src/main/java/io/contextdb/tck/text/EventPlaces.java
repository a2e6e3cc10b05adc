package io.contextdb.tck.text;

import io.contextdb.Conversation;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.event.Measure;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.event.TimeBucket;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.EventMutation;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

/** Texts of events, consumer groups, aggregates and conversations. */
final class EventPlaces {
    private static final String NUMBER = "number";

    private EventPlaces() {}

    static List<Place> all() {
        return List.of(type(), subject(), payload(), conversation(), content(), group(), measure());
    }

    private static EventQuery every() {
        return EventQuery.after(EventPosition.START, 1_000);
    }

    private static Place type() {
        return Place.of(
                        "event's type",
                        Capability.EVENTS,
                        Rule.bytes(1, 256),
                        "type",
                        (namespace, batch, text, number) -> batch.accept(
                                new EventMutation.Append(EventDraft.of(text, PropertyMap.of(NUMBER, number)))),
                        (namespace, text) -> numbers(namespace.events().read(every().types(text)), text, Event::type))
                .also("types", (namespace, text) -> every().types("a", text))
                .also("types", (namespace, text) -> LatestQuery.of(1).types("a", text))
                .also("type", (namespace, text) -> namespace.batch().append(EventDraft.of(text, PropertyMap.empty())));
    }

    private static Place subject() {
        return Place.of(
                        "event's subject",
                        Capability.EVENTS,
                        Rule.bytes(0, 512),
                        "subject",
                        (namespace, batch, text, number) -> batch.accept(
                                new EventMutation.Append(EventDraft.of("about", PropertyMap.of(NUMBER, number))
                                        .about(text))),
                        (namespace, text) ->
                                numbers(namespace.events().read(every().about(text)), text, Event::subject))
                .also("subjects", (namespace, text) -> every().about("a", text))
                .also("subjects", (namespace, text) -> LatestQuery.of(1).about("a", text));
    }

    private static List<Integer> numbers(
            List<Event> events, String text, java.util.function.Function<Event, String> part) {
        return events.stream()
                .map(event -> part.apply(event).equals(text) ? number(event) : -1)
                .toList();
    }

    private static int number(Event event) {
        return event.payload() instanceof Payload.Json json
                ? Math.toIntExact(json.body().integer(NUMBER).orElse(-1L))
                : -1;
    }

    /** A text in a payload, which comes back as it was. */
    private static Place payload() {
        return Place.of(
                "payload",
                Capability.EVENTS,
                Rule.any(),
                "",
                (namespace, batch, text, number) -> batch.accept(new EventMutation.Append(EventDraft.of(
                                "payload", PropertyMap.of(NUMBER, number, "text", text, "=" + text, List.of(text)))
                        .about("t" + hash(text)))),
                (namespace, text) -> namespace
                        .events()
                        .readAll(every().types("payload").about("t" + hash(text)))
                        .filter(event -> event.payload() instanceof Payload.Json json
                                && text.equals(json.body().get("text")))
                        .map(event -> event.payload() instanceof Payload.Json json
                                        && List.of(text).equals(json.body().get("=" + text))
                                ? number(event)
                                : -1)
                        .toList());
    }

    private static int hash(String text) {
        PropertyMap checked = PropertyMap.of("text", text);
        return checked.hashCode();
    }

    private static Place conversation() {
        return Place.of(
                        "conversation",
                        Capability.EVENTS,
                        Rule.bytes(1, 499),
                        "conversation",
                        (namespace, batch, text, number) ->
                                namespace.conversation(text).append(Conversation.Message.of("user", "" + number)),
                        (namespace, text) -> namespace
                                .conversation(text)
                                .messages()
                                .map(message -> Integer.valueOf(message.content()))
                                .toList())
                .also(
                        "conversation",
                        (namespace, text) -> namespace.conversation(text).latest(1));
    }

    private static Place content() {
        return Place.of(
                "message",
                Capability.EVENTS,
                Rule.any(),
                "",
                (namespace, batch, text, number) -> namespace
                        .conversation("c" + hash(text))
                        .append(new Conversation.Message(text, text, PropertyMap.of(NUMBER, number))),
                (namespace, text) -> namespace
                        .conversation("c" + hash(text))
                        .messages()
                        .filter(message -> message.content().equals(text))
                        .map(message -> message.role().equals(text)
                                ? Math.toIntExact(
                                        message.properties().integer(NUMBER).orElse(-1L))
                                : -1)
                        .toList());
    }

    private static Place group() {
        return Place.of(
                        "group",
                        Capability.CONSUMER_GROUPS,
                        Rule.bytes(1, 128),
                        "group",
                        (namespace, batch, text, number) -> batch.accept(new EventMutation.CreateGroup(
                                new ConsumerGroup(text, EventPosition.START, Duration.ofMillis(1_000L + number), 5))),
                        EventPlaces::group)
                .also("group", (namespace, text) -> namespace.events().claim(text, 1))
                .also("group", (namespace, text) -> namespace.events().dropGroup(text))
                .also("group", (namespace, text) -> namespace.events().acknowledge(text, List.of(EventPosition.START)))
                .also("group", (namespace, text) -> namespace.events().release(text, List.of(EventPosition.START)))
                .also(
                        "group",
                        (namespace, text) ->
                                namespace.events().deadLetters(text).forEach(letter -> {}))
                .few();
    }

    private static List<Integer> group(Namespace namespace, String text) {
        try {
            namespace.events().deadLetters(text).forEach(letter -> {});
        } catch (InvalidRequestException refused) {
            if (refused.code() == ErrorCode.NOT_FOUND) {
                return List.of();
            }
            throw refused;
        }
        return namespace.events().groups().stream()
                .filter(group -> group.name().equals(text))
                .map(group -> Math.toIntExact(group.visibility().toMillis() - 1_000))
                .toList();
    }

    private static Place measure() {
        return Place.of(
                        "measure",
                        Capability.AGGREGATES,
                        Rule.bytes(1, 128),
                        "measure.name",
                        (namespace, batch, text, number) -> batch.accept(new EventMutation.Append(EventDraft.of(
                                "measured",
                                PropertyMap.of("of", Measure.count(text).name(), NUMBER, number)))),
                        (namespace, text) -> namespace
                                .events()
                                .aggregate(new AggregateQuery(
                                        Filter.eq(Field.property("of"), text),
                                        TimeBucket.ALL,
                                        ZoneOffset.UTC,
                                        List.of(Field.property("of")),
                                        List.of(Measure.of(text, Measure.Function.MAX, Field.property(NUMBER)))))
                                .stream()
                                .map(row -> row.group().equals(List.of(text))
                                                && row.values().get(text) instanceof Long number
                                        ? Math.toIntExact(number)
                                        : -1)
                                .toList())
                .also("measure.name", (namespace, text) -> Measure.quantile(text, Field.property("a"), 0.5));
    }
}
