package io.contextdb;

import io.contextdb.internal.call.Arguments;
import io.contextdb.internal.call.Paging;
import io.contextdb.internal.call.Session;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Delivery;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventDraft;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.MutationResult;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The event log of a namespace (contract E). Thread-safe. */
public final class Events {
    private final Session session;
    private final NamespaceName namespace;

    Events(Session session, NamespaceName namespace) {
        this.session = session;
        this.namespace = namespace;
    }

    /** Appends an event and returns its position (E1). */
    public EventPosition append(EventDraft event) {
        return append(List.of(Arguments.required("event", event))).get(0);
    }

    /** Appends events, in one batch, and returns their positions (E1). */
    public List<EventPosition> append(List<EventDraft> events) {
        return session
                .apply(
                        namespace,
                        Arguments.some("events", events).stream()
                                .map(EventMutation.Append::new)
                                .toList())
                .results()
                .stream()
                .map(result -> Results.as(MutationResult.Appended.class, result).position())
                .toList();
    }

    /** Returns the events after a position, oldest first (E2). */
    public List<Event> read(EventQuery query) {
        Arguments.required("query", query);
        return read(Capability.EVENTS, "events.read", (events, scope) -> events.read(scope, query));
    }

    /** Returns all events after the query's position that are there now, oldest first; the limit is that of a page. */
    public Stream<Event> readAll(EventQuery query) {
        Arguments.required("query", query);
        return Paging.events(query, this::read);
    }

    /**
     * Returns the newest events before the query's position, newest first (E2a). To go on, ask {@linkplain LatestQuery#from from}
     * the position of the last one. Subjects are looked up; what types leave out is passed over one by one.
     */
    public List<Event> latest(LatestQuery query) {
        Arguments.required("query", query);
        return read(Capability.EVENTS, "events.latest", (events, scope) -> events.readBackwards(scope, query));
    }

    /** Returns the position of the last event; {@link EventPosition#START} if there is none. */
    public EventPosition last() {
        return read(Capability.EVENTS, "events.last", EventReader::last);
    }

    /**
     * Returns a publisher of the events after the query's position, for ever: each at least once, in order, as fast as the
     * subscriber asks, resuming after transient errors from where it was (E2). Each subscription has a thread of its own,
     * which ends when it is cancelled or the connection is closed.
     */
    public Flow.Publisher<Event> subscribe(EventQuery query) {
        Arguments.required("query", query);
        session.info().require(Capability.EVENTS);
        return subscriber -> StreamSubscription.start(
                "contextdb-events", subscriber, () -> new EventTail(session, namespace, query), session.running());
    }

    /** Creates a consumer group, or does nothing if one of that name exists (E3). */
    public void createGroup(ConsumerGroup group) {
        one(new EventMutation.CreateGroup(group));
    }

    /** Removes a consumer group and returns whether it was there. */
    public boolean dropGroup(String group) {
        return Results.removed(one(new EventMutation.DropGroup(group))) > 0;
    }

    /** Returns the consumer groups, ordered by name. */
    public List<ConsumerGroup> groups() {
        return read(Capability.CONSUMER_GROUPS, "events.groups", EventReader::groups);
    }

    /** Claims events of a group for this caller, at most 1,000, oldest first (E3). */
    public List<Delivery> claim(String group, int limit) {
        return Results.as(MutationResult.Claimed.class, one(new EventMutation.Claim(group, limit)))
                .deliveries();
    }

    /** Settles claimed events for good and returns how many were not settled before (E3). */
    public long acknowledge(String group, Collection<EventPosition> positions) {
        return Results.removed(one(new EventMutation.Acknowledge(group, Arguments.some("positions", positions))));
    }

    /** Gives claimed events back before their time and returns how many. */
    public long release(String group, Collection<EventPosition> positions) {
        return Results.removed(one(new EventMutation.Release(group, Arguments.some("positions", positions))));
    }

    /** Returns the dead letters of a group, named by 1 to 128 bytes, oldest first (E3). */
    public Stream<DeadLetter> deadLetters(String group) {
        Arguments.group(group);
        return Paging.stream(page -> read(
                Capability.CONSUMER_GROUPS,
                "events.deadLetters",
                (events, scope) -> events.deadLetters(scope, group, page)));
    }

    /** Removes the oldest events and returns how many (E5). */
    public long trim(EventMutation.Trim trim) {
        Arguments.required("trim", trim);
        return Results.removed(one(trim));
    }

    /** Returns figures over events, ordered by bucket, then by group (E6). */
    public List<AggregateRow> aggregate(AggregateQuery query) {
        Arguments.required("query", query);
        return read(Capability.AGGREGATES, "events.aggregate", (events, scope) -> events.aggregate(scope, query));
    }

    private MutationResult one(EventMutation mutation) {
        return session.apply(namespace, List.of(mutation)).results().get(0);
    }

    private <T> T read(Capability needed, String operation, BiFunction<EventReader, ReadScope, T> call) {
        return session.read(namespace, needed, operation, (backend, scope) -> call.apply(backend.events(), scope));
    }
}
