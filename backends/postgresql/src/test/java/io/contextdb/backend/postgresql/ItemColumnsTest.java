package io.contextdb.backend.postgresql;

import static io.contextdb.backend.postgresql.ItemColumns.column;
import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.backend.postgresql.Script.Many;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which columns of added rows are sent. */
class ItemColumnsTest {
    private record Item(
            UUID id, String source, double weight, @Nullable Long from, int kind, byte @Nullable [] bytes) {
        static Item usual() {
            return new Item(new UUID(0, 1), "", 1.0, null, 0, null);
        }
    }

    private static final ItemColumns<Item> COLUMNS = ItemColumns.<Item>of("id", "uuid", Item::id)
            .unlessUsual(column("source", "text", "", Item::source), column("weight", "float8", 1.0, Item::weight))
            .unlessUsual(
                    column("at", "int8", null, Item::from),
                    column("kind", "int4", 0, Item::kind),
                    column("bytes", "bytea", null, Item::bytes));

    private static String text(Parts list) {
        return String.join("", list.texts());
    }

    @Test
    void columnsInWhichAllIsUsualAreNotSent() {
        Parts list = COLUMNS.list(List.of(Item.usual(), Item.usual()));
        assertThat(text(list))
                .isEqualTo("unnest(?::uuid[]) AS id, ''::text AS source, 1.0::float8 AS weight,"
                        + " null::int8 AS at, 0::int4 AS kind, null::bytea AS bytes");
        assertThat(list.values()).hasSize(1);
    }

    @Test
    void columnsAreSentTogetherAndWholeIfOneOfAllIsNotUsual() {
        Parts list = COLUMNS.list(List.of(Item.usual(), new Item(new UUID(0, 2), "", 0.5, null, 0, null)));
        assertThat(text(list))
                .isEqualTo("unnest(?::uuid[]) AS id, unnest(?::text[]) AS source, unnest(?::float8[]) AS weight,"
                        + " null::int8 AS at, 0::int4 AS kind, null::bytea AS bytes");
        assertThat(list.values())
                .hasSize(3)
                .element(2, InstanceOfAssertFactories.type(Many.class))
                .satisfies(many -> assertThat((Double[]) many.values()).containsExactly(1.0, 0.5));
    }

    @Test
    void aValueThatIsNotThereIsSentAsNull() {
        Parts list = COLUMNS.list(List.of(Item.usual(), new Item(new UUID(0, 2), "", 1.0, 7L, 0, null)));
        assertThat(list.values())
                .hasSize(4)
                .element(1, InstanceOfAssertFactories.type(Many.class))
                .satisfies(many -> assertThat((Long[]) many.values()).containsExactly(null, 7L));
    }
}
