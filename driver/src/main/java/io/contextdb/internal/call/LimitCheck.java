package io.contextdb.internal.call;

import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Limits;
import io.contextdb.spi.error.ErrorCode;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.VectorMutation;
import io.contextdb.spi.write.WriteBatch;
import java.util.List;

/** Refuses what a backend does not offer or does not take, before anything is sent (contract G0, G9). */
final class LimitCheck {
    private LimitCheck() {}

    static void check(WriteBatch batch, BackendInfo info) {
        List<Mutation> mutations = batch.mutations();
        Limits limits = info.limits();
        mutations.forEach(mutation -> info.require(mutation.requires()));
        if (info.atomicity() == Atomicity.ENTITY && mutations.size() > 1) {
            throw new InvalidRequestException(
                    "batch.mutations",
                    info.product() + " applies single mutations only; this batch has " + mutations.size());
        }
        check("batch.mutations", mutations.size(), limits.batchMutations());
        long bytes = 0;
        for (int i = 0; i < mutations.size(); i++) {
            Mutation mutation = mutations.get(i);
            bytes += mutation.estimatedBytes();
            check("mutation " + i, mutation, limits);
        }
        check("batch.bytes", bytes, limits.batchBytes());
    }

    private static void check(String which, Mutation mutation, Limits limits) {
        switch (mutation) {
            case KeyMutation.PutKey put -> check(which + ": value", put.value().size(), limits.valueBytes());
            case VectorMutation.CreateSpace create ->
                check(which + ": space.dimensions", create.space().dimensions(), limits.dimensions());
            default -> check(which + ": payload", mutation.estimatedBytes(), limits.payloadBytes());
        }
    }

    static void check(String field, long actual, long limit) {
        if (actual > limit) {
            throw new InvalidRequestException(
                    ErrorCode.LIMIT_EXCEEDED, field, "is " + actual + "; the limit is " + limit);
        }
    }
}
