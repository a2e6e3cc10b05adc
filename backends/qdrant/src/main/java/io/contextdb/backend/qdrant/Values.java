package io.contextdb.backend.qdrant;

import io.contextdb.spi.error.CorruptDataException;
import io.qdrant.client.grpc.JsonWithInt.ListValue;
import io.qdrant.client.grpc.JsonWithInt.Value;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Values of payloads: 64-bit integers and texts, which the server keeps exactly. */
final class Values {
    private Values() {}

    static Value of(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    static Value of(long number) {
        return Value.newBuilder().setIntegerValue(number).build();
    }

    static Value of(double number) {
        return Value.newBuilder().setDoubleValue(number).build();
    }

    static Value of(boolean flag) {
        return Value.newBuilder().setBoolValue(flag).build();
    }

    static Value of(Collection<String> texts) {
        ListValue.Builder list = ListValue.newBuilder();
        texts.forEach(text -> list.addValues(of(text)));
        return Value.newBuilder().setListValue(list).build();
    }

    /** Returns a text; "" if it is not there. */
    static String text(Map<String, Value> payload, String field) {
        Value value = payload.get(field);
        return value == null ? "" : value.getStringValue();
    }

    /** Returns an integer that must be there. */
    static long integer(Map<String, Value> payload, String field) {
        Value value = payload.get(field);
        if (value == null || value.getKindCase() != Value.KindCase.INTEGER_VALUE) {
            throw new CorruptDataException("Qdrant: a payload has no integer '" + field + "'", null);
        }
        return value.getIntegerValue();
    }

    /** Returns texts; none if they are not there. */
    static List<String> texts(Map<String, Value> payload, String field) {
        Value value = payload.get(field);
        return value == null
                ? List.of()
                : value.getListValue().getValuesList().stream()
                        .map(Value::getStringValue)
                        .toList();
    }
}
