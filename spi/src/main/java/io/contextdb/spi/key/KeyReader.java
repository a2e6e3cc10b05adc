package io.contextdb.spi.key;

import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.util.Collection;
import java.util.List;

/** Reads of keys; an expired key is absent at once (contract K2). Thread-safe. */
public interface KeyReader {
    /** Returns entries in the order asked, absent ones left out; at most 10,000 keys. */
    List<KeyEntry> get(ReadScope scope, Collection<String> keys);

    /** Returns the entries whose key starts with a prefix ("" for all), ordered by key in code point order. */
    Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page);
}
