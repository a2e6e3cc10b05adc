package io.contextdb.tck.text;

import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.write.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A place of the facade where a text enters: how a number is kept by it, how it is found again, and which calls take it too.
 *
 * @param name what it is
 * @param needed what the backend must offer
 * @param rule which texts it takes
 * @param keep keeps a number by a text
 * @param find finds numbers by a text
 * @param found which texts may be looked for; the rule itself, except for filters, which compare with longer texts too
 * @param none whether the empty text stands for none, by which nothing is found
 * @param costly whether stores can have few of it
 * @param calls every call that takes the text, those of keeping and finding not among them
 */
record Place(
        String name,
        Capability needed,
        Rule rule,
        Keep keep,
        Find find,
        Rule found,
        boolean none,
        boolean costly,
        List<Call> calls) {
    /** Keeps a number by a text: adds mutations to a batch, or calls the namespace. */
    interface Keep {
        void keep(Namespace namespace, Consumer<Mutation> batch, String text, int number);
    }

    /** Returns the numbers that are found by a text; -1 for what should not have been found, or is not as it was kept. */
    interface Find {
        List<Integer> find(Namespace namespace, String text);
    }

    /** A call that takes the text, and what its error must name. */
    record Call(String field, BiConsumer<Namespace, String> call) {}

    static Place of(String name, Capability needed, Rule rule, String field, Keep keep, Find find) {
        return new Place(name, needed, rule, keep, find, rule, false, false, List.of())
                .also(field, (namespace, text) -> keep.keep(namespace, mutation -> {}, text, 1));
    }

    /** Returns the same place with one more call that takes its text. */
    Place also(String field, BiConsumer<Namespace, String> call) {
        List<Call> more = new ArrayList<>(calls);
        more.add(new Call(field, call));
        return new Place(name, needed, rule, keep, find, found, none, costly, more);
    }

    /** Returns the same place, of which stores can have few. */
    Place few() {
        return new Place(name, needed, rule, keep, find, found, none, true, calls);
    }

    /** Returns the same place, where a filter finds by the text, which takes any up to 1 MiB. */
    Place byFilter() {
        return finding(Rule.bytes(0, 1 << 20));
    }

    /** Returns the same place, where other texts may be looked for than kept. */
    Place finding(Rule other) {
        return new Place(name, needed, rule, keep, find, other, none, costly, calls);
    }

    /** Returns the same place, where the empty text stands for none. */
    Place emptyIsNone() {
        return new Place(name, needed, rule, keep, find, found, true, costly, calls);
    }
}
