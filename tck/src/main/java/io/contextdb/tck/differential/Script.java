package io.contextdb.tck.differential;

import io.contextdb.spi.capability.Atomicity;
import io.contextdb.spi.capability.BackendInfo;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.capability.Idempotency;
import io.contextdb.spi.write.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Makes the steps of a script from a seed: batches, reads, repeats and drops, in two namespaces of which one's name begins the
 * other's; of what the backend declares, and no more.
 */
final class Script {
    private static final int MOST_MUTATIONS = 4;

    private final Pool pool;
    private final boolean batches;
    private final boolean operationIds;
    private final List<Model> models = new ArrayList<>();

    /**
     * Prepares a script.
     *
     * @param seed decides everything
     * @param info what the backend declares
     * @param wanted the models, by their capabilities
     */
    Script(long seed, BackendInfo info, Set<Capability> wanted) {
        pool = new Pool(new SplittableRandom(seed));
        batches = info.atomicity() == Atomicity.BATCH;
        operationIds = info.idempotency() == Idempotency.OPERATION_ID;
        for (Capability model : wanted) {
            if (info.offers(model)) {
                models.add(
                        switch (model) {
                            case GRAPH -> new GraphModel(pool, info.offers(Capability.ERASURE));
                            case VECTORS -> new VectorModel(pool, info);
                            case KEYS -> new KeyModel(pool, info.offers(Capability.RATE_LIMITS));
                            case EVENTS -> new EventModel(pool, info);
                            case DOCUMENTS -> new DocumentModel(pool);
                            default -> throw new IllegalArgumentException(model + " is no model");
                        });
            }
        }
    }

    /** Returns the steps; openings are extra. */
    List<Step> steps(int count) {
        List<Step> steps = new ArrayList<>();
        open(steps, 0);
        open(steps, 1);
        for (int i = 0; i < count; i++) {
            int namespace = pool.oneIn(8) ? 1 : 0;
            add(steps, namespace, action());
            if (steps.getLast().action() instanceof Drop) {
                repeat(steps, namespace, 0);
                int before = steps.size();
                open(steps, namespace);
                repeat(steps, namespace, steps.size() - before);
            }
        }
        return steps;
    }

    /** Repeats a batch of before a drop, since which so many were applied. */
    private void repeat(List<Step> steps, int namespace, int since) {
        if (operationIds) {
            add(steps, namespace, new Repeat(since + pool.below(4), pool.oneIn(3)));
            add(
                    steps,
                    namespace,
                    new Read(side -> "statistics()", side -> side.namespace().statistics()));
        }
    }

    private void add(List<Step> steps, int namespace, Action action) {
        steps.add(new Step(steps.size(), namespace, action));
        pool.at(steps.size() - 1);
    }

    private void open(List<Step> steps, int namespace) {
        for (Model model : models) {
            List<Symbol<Mutation>> opening = model.opening();
            for (int from = 0; from < opening.size(); from += batches ? opening.size() : 1) {
                int to = batches ? opening.size() : from + 1;
                add(steps, namespace, new Write(opening.subList(from, to), false));
            }
        }
    }

    private Action action() {
        Model model = pool.one(models);
        return switch (pool.below(50)) {
            case 0 -> pool.oneIn(3) ? new Drop() : model.read();
            case 1, 2 -> operationIds ? new Repeat(pool.below(4), pool.oneIn(3)) : model.read();
            case 3 -> model instanceof KeyModel keys ? new Write(List.of(keys.putExpiring()), true) : model.read();
            case 4 -> new Read(side -> "statistics()", side -> side.namespace().statistics());
            default -> pool.oneIn(2) ? model.read() : write();
        };
    }

    private Write write() {
        List<Symbol<Mutation>> mutations = new ArrayList<>();
        for (int n = batches ? 1 + pool.below(MOST_MUTATIONS) : 1; n > 0; n--) {
            mutations.add(pool.one(models).mutation());
        }
        return new Write(mutations, false);
    }
}
