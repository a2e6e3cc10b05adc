package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.value.PropertyMap;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Properties come back from jsonb exactly as they were (contract G3), and compare by their exact value. */
class JsonColumnTest {
    private static final List<Double> FLOATS = List.of(
            0.0,
            -0.0,
            1.0,
            -1.5,
            0.1,
            1e7,
            1e21,
            1e-7,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            0x1p53,
            0x1p53 + 2,
            0x1p60 + 256,
            0x1p63,
            -0x1p63,
            Math.PI * 1e200,
            Math.PI * 1e-200);

    private static String throughServer(String json) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                PreparedStatement statement = connection.prepareStatement("SELECT ?::jsonb")) {
            statement.setString(1, json);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static void assertKept(PropertyMap properties) throws SQLException {
        assertThat(JsonColumn.read(throughServer(JsonColumn.write(properties)))).isEqualTo(properties);
    }

    @Test
    void everyKindOfNumberComesBackAsItWas() throws SQLException {
        PropertyMap all = PropertyMap.of(
                "floats", FLOATS, "integers", List.of(0, -1, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1));
        assertKept(all);
        Random random = new Random(7);
        double[] any = random.longs(5_000)
                .mapToDouble(Double::longBitsToDouble)
                .filter(Double::isFinite)
                .toArray();
        assertKept(PropertyMap.of("any", Arrays.stream(any).boxed().toList()));
    }

    @Test
    void textsThatLookLikeNumbersAreLeftAlone() throws SQLException {
        assertKept(PropertyMap.of(
                "0.00",
                List.of("0.00", "-0.0", "1E5", "a\"0.00\"", "\\", "\\\"-0.0", "E"),
                "-0.0",
                Map.of("1E5", -0.0, "b\\", 1e100),
                "n",
                Arrays.asList(null, true, -0.0, List.of(-0.0, 0.0), "😀\u0001\u2028")));
    }

    @Test
    void numbersCompareByTheirExactValue() throws SQLException {
        List<Object> numbers = new java.util.ArrayList<>(FLOATS);
        numbers.addAll(List.of(0L, 1L, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53), (1L << 53) + 1, (1L << 60) + 256));
        try (Connection connection =
                        DriverManager.getConnection(TestServer.get().jdbcUrl());
                PreparedStatement statement =
                        connection.prepareStatement("SELECT ?::jsonb < ?::jsonb, ?::jsonb = ?::jsonb")) {
            for (Object a : numbers) {
                for (Object b : numbers) {
                    statement.setString(1, JsonColumn.writeValue(a));
                    statement.setString(2, JsonColumn.writeValue(b));
                    statement.setString(3, JsonColumn.writeValue(a));
                    statement.setString(4, JsonColumn.writeValue(b));
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        int order =
                                io.contextdb.spi.filter.Comparing.order(a, b).orElseThrow();
                        assertThat(row.getBoolean(1)).as("%s < %s", a, b).isEqualTo(order < 0);
                        assertThat(row.getBoolean(2)).as("%s = %s", a, b).isEqualTo(order == 0);
                    }
                }
            }
        }
    }
}
