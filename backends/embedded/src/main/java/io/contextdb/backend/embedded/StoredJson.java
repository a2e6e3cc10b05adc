package io.contextdb.backend.embedded;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.CorruptDataException;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import java.util.Collection;
import java.util.List;

/** Properties and lists of strings as JSON in columns. What cannot be read back was damaged. */
final class StoredJson {
    private StoredJson() {}

    static String write(PropertyMap properties) {
        return PropertyJson.write(properties);
    }

    static String write(Collection<String> strings) {
        return strings.isEmpty() ? "[]" : PropertyJson.writeValue(strings);
    }

    static PropertyMap properties(String json) {
        try {
            return PropertyJson.read(json);
        } catch (InvalidRequestException malformed) {
            throw new CorruptDataException("stored properties are not JSON; the store was damaged", malformed);
        }
    }

    static List<String> strings(String json) {
        return !json.equals("[]") && properties("{\"list\":" + json + "}").get("list") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
