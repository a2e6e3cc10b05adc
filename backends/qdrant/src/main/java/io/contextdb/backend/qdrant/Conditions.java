package io.contextdb.backend.qdrant;

import io.qdrant.client.grpc.Common.Condition;
import io.qdrant.client.grpc.Common.FieldCondition;
import io.qdrant.client.grpc.Common.Filter;
import io.qdrant.client.grpc.Common.HasIdCondition;
import io.qdrant.client.grpc.Common.IsEmptyCondition;
import io.qdrant.client.grpc.Common.Match;
import io.qdrant.client.grpc.Common.PointId;
import io.qdrant.client.grpc.Common.Range;
import io.qdrant.client.grpc.Common.RepeatedStrings;
import java.util.Collection;
import java.util.List;

/** The server's conditions, in few words. */
final class Conditions {
    private Conditions() {}

    /** The field, or an element of it, is that text. */
    static Condition is(String field, String text) {
        return field(
                field, FieldCondition.newBuilder().setMatch(Match.newBuilder().setKeyword(text)));
    }

    /** The field, or an element of it, is one of those texts. */
    static Condition isAny(String field, Collection<String> texts) {
        return field(
                field,
                FieldCondition.newBuilder()
                        .setMatch(Match.newBuilder()
                                .setKeywords(RepeatedStrings.newBuilder().addAllStrings(texts))));
    }

    /** The field is at least that number. */
    static Condition atLeast(String field, double number) {
        return field(
                field, FieldCondition.newBuilder().setRange(Range.newBuilder().setGte(number)));
    }

    /** The field is at most that number. */
    static Condition atMost(String field, double number) {
        return field(
                field, FieldCondition.newBuilder().setRange(Range.newBuilder().setLte(number)));
    }

    /** The point is one of those. */
    static Condition hasId(Collection<PointId> ids) {
        return Condition.newBuilder()
                .setHasId(HasIdCondition.newBuilder().addAllHasId(ids))
                .build();
    }

    /** The field is not there. */
    static Condition absent(String field) {
        return Condition.newBuilder()
                .setIsEmpty(IsEmptyCondition.newBuilder().setKey(field))
                .build();
    }

    /** The filter holds. */
    static Condition holds(Filter filter) {
        return Condition.newBuilder().setFilter(filter).build();
    }

    /** The condition does not hold. */
    static Condition not(Condition condition) {
        return holds(Filter.newBuilder().addMustNot(condition).build());
    }

    /** All of them hold. */
    static Filter all(Condition... conditions) {
        return Filter.newBuilder().addAllMust(List.of(conditions)).build();
    }

    /** At least one of them holds; there must be one. */
    static Filter any(Collection<Condition> conditions) {
        return Filter.newBuilder().addAllShould(conditions).build();
    }

    private static Condition field(String name, FieldCondition.Builder condition) {
        return Condition.newBuilder().setField(condition.setKey(name)).build();
    }
}
