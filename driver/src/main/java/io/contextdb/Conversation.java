package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.event.Payload;
import io.contextdb.spi.value.PropertyMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The messages of a conversation, in the order of their appending, whatever the clocks say; appended atomically, and never
 * rewritten (contract D3a). They are events of the type {@value #TYPE} about the conversation. Thread-safe.
 */
public final class Conversation {
    /** Type of the events. */
    public static final String TYPE = "contextdb.message";

    private static final int PAGE = 500;

    private final Events events;
    private final String subject;

    /**
     * A message.
     *
     * @param role who says it: {@code "user"}, {@code "assistant"}, {@code "system"}, {@code "tool"}
     * @param content what is said
     * @param properties anything else
     */
    public record Message(String role, String content, PropertyMap properties) {
        /** Refuses nulls, and texts that no store can keep. */
        public Message {
            Arguments.text("message.role", role);
            Arguments.text("message.content", content);
            Arguments.required("message.properties", properties);
        }

        /** Returns a message without properties. */
        public static Message of(String role, String content) {
            return new Message(role, content, PropertyMap.empty());
        }
    }

    Conversation(Events events, String id) {
        this.events = events;
        this.subject = "conversation:" + Arguments.conversation(id);
    }

    /** Appends messages, all or none, in their order. */
    public void append(Message... messages) {
        events.append(Arguments.some("messages", Arguments.all("messages", messages)).stream()
                .map(message -> EventDraft.of(
                                TYPE,
                                PropertyMap.of(
                                        "role",
                                        message.role(),
                                        "content",
                                        message.content(),
                                        "properties",
                                        message.properties()))
                        .about(subject))
                .toList());
    }

    /** Returns all messages, oldest first. */
    public Stream<Message> messages() {
        return events.readAll(
                        EventQuery.after(EventPosition.START, PAGE).types(TYPE).about(subject))
                .flatMap(Conversation::message);
    }

    /** Returns the newest messages, at most that many (1 to 10,000), oldest first; reads no others. */
    public List<Message> latest(int count) {
        Arguments.number("conversation.count", count, 1, 10_000);
        List<Message> newest = new ArrayList<>();
        LatestQuery query = LatestQuery.of(PAGE).types(TYPE).about(subject);
        boolean more = true;
        while (more && newest.size() < count) {
            query = query.limit(Math.min(PAGE, count - newest.size()));
            List<Event> read = events.latest(query);
            read.stream().flatMap(Conversation::message).forEach(newest::add);
            // An erased message is an event without content, so fewer messages than events do not mean the end.
            more = read.size() == query.limit();
            query = more ? query.from(read.getLast().position()) : query;
        }
        return List.copyOf(newest.reversed());
    }

    private static Stream<Message> message(Event event) {
        if (!(event.payload() instanceof Payload.Json json)) {
            return Stream.empty();
        }
        return Stream.of(new Message(
                json.body().string("role").orElse(""),
                json.body().string("content").orElse(""),
                json.body().map("properties").orElse(PropertyMap.empty())));
    }
}
