package io.contextdb.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyJsonTest {
    @Test
    void whatIsWrittenIsReadBackExactly() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            PropertyMap map = PropertyMap.copyOf(randomMap(random, 4));

            assertThat(PropertyJson.read(PropertyJson.write(map))).isEqualTo(map);
        }
    }

    @Test
    void numbersKeepTheirKind() {
        PropertyMap map = PropertyJson.read("{\"i\": 1, \"f\": 1.0, \"e\": 1e3, \"z\": -0.0}");

        assertThat(map.get("i")).isEqualTo(1L);
        assertThat(map.get("f")).isEqualTo(1.0);
        assertThat(map.get("e")).isEqualTo(1000.0);
        assertThat(map.get("z")).isEqualTo(-0.0);
    }

    @Property
    void everyFiniteDoubleKeepsItsBits(@ForAll long bits) {
        double number = finite(Double.longBitsToDouble(bits));
        PropertyMap map = PropertyMap.of("n", number);

        assertThat(PropertyJson.read(PropertyJson.write(map)).get("n")).isEqualTo(number);
    }

    @Property
    void everyIntegerStaysAnInteger(@ForAll long number) {
        PropertyMap map = PropertyMap.of("n", number);

        assertThat(PropertyJson.read(PropertyJson.write(map)).get("n")).isEqualTo(number);
    }

    @Test
    void floatsAreWrittenAsFloats() {
        assertThat(PropertyJson.write(PropertyMap.of("a", 1.0, "b", -0.0, "c", Double.MIN_VALUE)))
                .isEqualTo("{\"a\":1.0,\"b\":-0.0,\"c\":4.9E-324}");
    }

    @Test
    void longKeysAndTextsComeBack() {
        PropertyMap map = PropertyMap.of("k".repeat(200_000), "v".repeat(30_000_000));

        assertThat(PropertyJson.read(PropertyJson.write(map))).isEqualTo(map);
    }

    @Test
    void messagesShowWhereAndNoContent() {
        assertThatThrownBy(() -> PropertyJson.read("{\"a\": 1,\n \"b\": hunter2}"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("json: is malformed at line 2, column")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> PropertyJson.read("{\"a\": 9223372036854775808}"))
                .hasMessageStartingWith("json: has an integer of more than 64 bits at line 1")
                .hasMessageNotContaining("9223372036854775808");
    }

    @Test
    void linesAreReadOneByOne() {
        assertThat(PropertyJson.readLines(new StringReader("{\"a\":1}\n\n{}\r\n{\"a\":2.0}")))
                .containsExactly(PropertyMap.of("a", 1), PropertyMap.empty(), PropertyMap.of("a", 2.0));
        assertThat(PropertyJson.readLines(new StringReader(" \n"))).isEmpty();

        Iterator<PropertyMap> lines =
                PropertyJson.readLines(new StringReader("{\"a\":1}\n[]\n")).iterator();
        assertThat(lines.next()).isEqualTo(PropertyMap.of("a", 1));
        assertThatThrownBy(lines::next)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void anyValueCanBeShown() {
        assertThat(PropertyJson.writeValue(Arrays.asList(null, true, 1, 2L, 3.0, "\"", Map.of("k", List.of()))))
                .isEqualTo("[null,true,1,2,3.0,\"\\\"\",{\"k\":[]}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "{",
                "{}x",
                "{} {}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}",
                "{\"a\":9223372036854775808}",
                "{\"a\":1e999}",
                "{\"a\":\"\\u0000\"}",
                "{\"a\":\"\\ud800\"}",
                "{'a':1}"
            })
    void whatIsNotExactIsRefused(String json) {
        assertThatThrownBy(() -> PropertyJson.read(json)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void depthIsLimited() {
        String deep = "{\"a\":".repeat(65) + "1" + "}".repeat(65);

        assertThatThrownBy(() -> PropertyJson.read(deep)).isInstanceOf(InvalidRequestException.class);
        PropertyJson.read("{\"a\":".repeat(64) + "1" + "}".repeat(64));
    }

    @Test
    void noInputDoesMoreThanBeRefused() {
        Random random = new Random(5);
        String alphabet = "{}[]:,\"\\u0d8a1.e-+ntf \n";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder("{");
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                PropertyJson.read(text.toString());
            } catch (InvalidRequestException refused) {
                assertThat(refused.field()).isNotEmpty();
            }
        }
    }

    private static Map<String, Object> randomMap(Random random, int depth) {
        Map<String, Object> map = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(randomText(random), randomValue(random, depth - 1));
        }
        return map;
    }

    private static Object randomValue(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> finite(Double.longBitsToDouble(random.nextLong()));
            case 4 -> (double) random.nextInt(10);
            case 5 -> randomText(random);
            case 6 -> randomMap(random, depth);
            default -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(randomValue(random, depth - 1));
                }
                yield list;
            }
        };
    }

    private static double finite(double number) {
        return Double.isFinite(number) ? number : -0.0;
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> 1 + random.nextInt(127);
                        case 1 -> 0xE000 + random.nextInt(0x1000);
                        case 2 -> 0x1F600 + random.nextInt(64);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }
}
