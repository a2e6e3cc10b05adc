package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.backend.postgresql.Script.Many;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Which columns of added rows are sent. */
class ItemColumnsTest {
    private record Item(String name, String source, Double weight) {}

    private static final ItemColumns<Item> COLUMNS = ItemColumns.<Item>of("name", "text", Item::name)
            .and("source", "text", "", Item::source)
            .and("weight", "float8", 1.0, Item::weight);

    @Test
    void aColumnInWhichAllIsUsualIsNotSent() {
        Parts list = COLUMNS.list(List.of(new Item("a", "", 1.0), new Item("b", "", 1.0)));
        assertThat(String.join("", list.texts()))
                .isEqualTo("unnest(?::text[]) AS name, ''::text AS source, 1.0::float8 AS weight");
        assertThat(list.values()).hasSize(1);
    }

    @Test
    void aColumnIsSentWholeIfOneOfItIsNotUsual() {
        Parts list = COLUMNS.list(List.of(new Item("a", "", 1.0), new Item("b", "", 0.5)));
        assertThat(String.join("", list.texts()))
                .isEqualTo("unnest(?::text[]) AS name, ''::text AS source, unnest(?::float8[]) AS weight");
        assertThat(list.values())
                .element(1, InstanceOfAssertFactories.type(Many.class))
                .satisfies(many -> assertThat((Double[]) many.values()).containsExactly(1.0, 0.5));
    }
}
