package io.contextdb.spi.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyMapTest {
    @Test
    void integersAndFloatsStayApart() {
        PropertyMap map = PropertyMap.of("integer", 1, "float", 1.0f);

        assertThat(map.get("integer")).isEqualTo(1L);
        assertThat(map.get("float")).isEqualTo(1.0);
        assertThat(map.get("negativeZero")).isNull();
        assertThat(PropertyMap.of("zero", -0.0)).isNotEqualTo(PropertyMap.of("zero", 0.0));
    }

    @Test
    void aStoredNullIsNotAbsent() {
        PropertyMap map = PropertyMap.of("null", null);

        assertThat(map.contains("null")).isTrue();
        assertThat(map.contains("absent")).isFalse();
        assertThat(map.get("null")).isNull();
    }

    @Test
    void laterChangesOfTheSourceDoNotShow() {
        List<Object> list = new ArrayList<>(List.of(1));
        Map<String, Object> source = new HashMap<>(Map.of("list", list));
        PropertyMap map = PropertyMap.copyOf(source);

        list.add(2);
        source.put("more", true);

        assertThat(map).isEqualTo(PropertyMap.of("list", List.of(1)));
        assertThatThrownBy(() -> map.asMap().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void nestingEndsAtTheLimit() {
        PropertyMap deepest = PropertyMap.empty();
        for (int level = 1; level < PropertyMap.MAX_DEPTH; level++) {
            deepest = PropertyMap.of("in", deepest);
        }
        PropertyMap allowed = deepest;

        assertThat(allowed.contains("in")).isTrue();
        assertThatThrownBy(() -> PropertyMap.of("in", allowed))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("64");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void numbersMustBeFinite(double number) {
        assertThatThrownBy(() -> PropertyMap.of("x", List.of(number)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("properties.x")
                .hasMessageContaining("finite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nul\0", "\uD800", "a\uDC00b", "\uD800\uD800"})
    void textMustBeWellFormed(String text) {
        assertThatThrownBy(() -> PropertyMap.of("x", text)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> PropertyMap.of(text, 1)).isInstanceOf(InvalidRequestException.class);
    }

    /** Cases of RFC 7396, appendix A, whose targets are objects. */
    @Test
    void mergePatchFollowsTheStandard() {
        assertThat(PropertyMap.of("a", "b").patched(PropertyMap.of("a", "c"))).isEqualTo(PropertyMap.of("a", "c"));
        assertThat(PropertyMap.of("a", "b").patched(PropertyMap.of("b", "c")))
                .isEqualTo(PropertyMap.of("a", "b", "b", "c"));
        assertThat(PropertyMap.of("a", "b").patched(PropertyMap.of("a", null))).isEqualTo(PropertyMap.empty());
        assertThat(PropertyMap.of("a", List.of("b")).patched(PropertyMap.of("a", "c")))
                .isEqualTo(PropertyMap.of("a", "c"));
        assertThat(PropertyMap.of("a", PropertyMap.of("b", "c"))
                        .patched(PropertyMap.of("a", PropertyMap.of("b", "d", "c", null))))
                .isEqualTo(PropertyMap.of("a", PropertyMap.of("b", "d")));
        assertThat(PropertyMap.empty().patched(PropertyMap.of("a", PropertyMap.of("bb", PropertyMap.of("ccc", null)))))
                .isEqualTo(PropertyMap.of("a", PropertyMap.of("bb", PropertyMap.empty())));
        assertThat(PropertyMap.of("e", null).patched(PropertyMap.of("a", 1)))
                .isEqualTo(PropertyMap.of("e", null, "a", 1));
    }
}
