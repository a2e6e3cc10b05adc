package io.contextdb.tck.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.ContextConnection;
import io.contextdb.Namespace;
import io.contextdb.spi.capability.Capability;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.event.EventPosition;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.tck.Kit;
import io.contextdb.tck.Needs;
import io.contextdb.tck.Proves;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Hostile texts through every place of the facade where a text enters: each is refused with the name of its field, by writes and
 * reads alike, or kept exactly and found by itself alone; and so on every backend, as the suite itself says which.
 *
 * <p>{@code contextdb.kit.texts} says how many, 3,000 by default.
 */
public abstract class HostileTextSuite {
    private static final int TESTS = 6;

    /** Places of which stores can have few get a part of the texts. */
    private static final int FEWER = 20;

    @Test
    @Needs(Capability.KEYS)
    @Proves({"G3", "G9", "K1"})
    void keys(Kit kit) {
        run(kit, KeyPlaces.all(), namespace -> {});
    }

    @Test
    @Needs(Capability.DOCUMENTS)
    @Proves({"G3", "G9", "D1", "V6"})
    void documents(Kit kit) {
        run(kit, DocumentPlaces.all(), namespace -> {});
    }

    @Test
    @Needs(Capability.EVENTS)
    @Proves({"G3", "G9", "E4", "D3a"})
    void events(Kit kit) {
        run(kit, EventPlaces.all(), namespace -> {});
    }

    @Test
    @Needs(Capability.GRAPH)
    @Proves({"G3", "G9", "N9", "N10"})
    void graph(Kit kit) {
        run(kit, GraphPlaces.all(), GraphPlaces::prepare);
    }

    @Test
    @Needs(Capability.VECTORS)
    @Proves({"G3", "G9", "V1", "V6"})
    void vectors(Kit kit) {
        run(kit, VectorPlaces.all(), VectorPlaces::prepare);
    }

    @Test
    @Needs({Capability.GRAPH, Capability.TEXT_SEARCH, Capability.DOCUMENTS, Capability.EVENTS})
    @Proves({"G3", "G9", "M1"})
    void memory(Kit kit) {
        run(kit, MemoryPlaces.all(), namespace -> {});
    }

    @Test
    @Proves({"G1", "G7", "E1", "V6"})
    void namesOfNamespacesAndTextsOfTokensPositionsAndFilters(Kit kit) {
        HostileTexts texts = new HostileTexts(kit.random());
        for (int i = texts(); i > 0; i--) {
            String text = texts.next(Rule.bytes(1, 128));
            endsWell(kit, text, () -> CommitToken.parse(text));
            endsWell(kit, text, () -> EventPosition.parse(text));
            endsWell(kit, text, () -> Filter.parse(text));
            endsWell(kit, text, () -> Filter.parse("properties.\"" + text + "\" = \"" + text + "\""));
            if (!text.matches("[A-Za-z0-9._-]{1,128}") || text.matches("\\.*")) {
                refused(
                        kit,
                        "namespace",
                        text,
                        "namespace",
                        () -> kit.connection().namespace(text));
            } else if (kit.connection().namespace(text).name().length() < 60) {
                named(kit.connection(), kit.name() + "." + text);
            }
            if (Rule.isUnicode(text) && text.length() < 1_000) {
                Filter filter = Filter.eq(Field.property("a", text), List.of(text));
                assertThat(Filter.parse(filter.text())).isEqualTo(filter);
            }
        }
    }

    private static void named(ContextConnection connection, String name) {
        Namespace namespace = connection.namespace(name);
        assertThat(namespace.name()).isEqualTo(name);
        assertThat(namespace.statistics().keys()).isZero();
    }

    private static int texts() {
        return Math.max(1, Integer.getInteger("contextdb.kit.texts", 3_000) / TESTS / 5);
    }

    private static void run(Kit kit, List<Place> places, Consumer<Namespace> prepare) {
        List<Place> offered = places.stream()
                .filter(place -> kit.info().offers(place.needed()))
                .toList();
        int each = Math.max(1, Integer.getInteger("contextdb.kit.texts", 3_000) / TESTS / offered.size());
        for (Place place : offered) {
            int left = place.costly() ? Math.max(8, each / FEWER) : each;
            int most = place.costly() ? 24 : 250;
            for (; left > 0; left -= most) {
                Namespace namespace = kit.namespace();
                prepare.accept(namespace);
                new Trial(kit, place, namespace).run(Math.min(left, most));
                namespace.drop();
            }
        }
    }

    /** Runs what may be refused, but not otherwise. */
    private static void endsWell(Kit kit, String text, Callable<?> call) {
        try {
            assertThat(call.call()).isNotNull();
        } catch (InvalidRequestException refused) {
            assertThat(refused.field()).isNotEmpty();
        } catch (Exception raw) {
            throw Trial.failure(kit, "a parser", text, "ends in " + raw, raw);
        }
    }

    /** Runs what must be refused, with the name of the field. */
    static void refused(Kit kit, String place, String text, String field, Callable<?> call) {
        try {
            call.call();
        } catch (InvalidRequestException refused) {
            if (!refused.field().contains(field)) {
                throw Trial.failure(
                        kit, place, text, "is refused as " + refused.field() + ", not as " + field, refused);
            }
            return;
        } catch (Exception raw) {
            throw Trial.failure(kit, place, text, "is refused by " + raw, raw);
        }
        throw Trial.failure(kit, place, text, "is not refused by a call that names " + field, null);
    }
}
