package io.contextdb.internal.scaled;

import io.contextdb.spi.event.AggregateQuery;
import io.contextdb.spi.event.AggregateRow;
import io.contextdb.spi.event.ConsumerGroup;
import io.contextdb.spi.event.DeadLetter;
import io.contextdb.spi.event.Event;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.event.EventQuery;
import io.contextdb.spi.event.EventReader;
import io.contextdb.spi.event.LatestQuery;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.util.List;
import java.util.function.Function;

/** Reads of events that have a home of their own. */
record HomeEvents(Home home, Tokens tokens, Settlement settlement) implements EventReader {
    @Override
    public List<Event> read(ReadScope scope, EventQuery query) {
        return call(scope, inHome -> home.backend().events().read(inHome, query));
    }

    @Override
    public List<Event> readBackwards(ReadScope scope, LatestQuery query) {
        return call(scope, inHome -> home.backend().events().readBackwards(inHome, query));
    }

    @Override
    public EventPosition last(ReadScope scope) {
        return call(scope, inHome -> home.backend().events().last(inHome));
    }

    @Override
    public void await(ReadScope scope, EventPosition after) {
        call(scope, inHome -> {
            home.backend().events().await(inHome, after);
            return true;
        });
    }

    @Override
    public List<ConsumerGroup> groups(ReadScope scope) {
        return call(scope, inHome -> home.backend().events().groups(inHome));
    }

    @Override
    public Page<DeadLetter> deadLetters(ReadScope scope, String group, PageRequest page) {
        return call(scope, inHome -> home.backend().events().deadLetters(inHome, group, page));
    }

    @Override
    public List<AggregateRow> aggregate(ReadScope scope, AggregateQuery query) {
        return call(scope, inHome -> home.backend().events().aggregate(inHome, query));
    }

    private <T> T call(ReadScope scope, Function<ReadScope, T> read) {
        ReadScope inHome = tokens.forHome(scope);
        return settlement.call(home, scope.namespace(), scope.deadline(), () -> read.apply(inHome));
    }
}
