package io.contextdb.backend.memory;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Reads of keys: each call takes a snapshot, and leaves out what has expired by the clock of the store. */
record MemoryKeys(Session session) implements KeyReader {
    @Override
    public List<KeyEntry> get(ReadScope scope, Collection<String> keys) {
        KeyState state = session.state(scope).keys();
        long millis = session.store().clock().millis();
        List<KeyEntry> found = new ArrayList<>();
        for (String key : new LinkedHashSet<>(keys)) {
            KeyState.Entry entry = state.entries().get(key);
            if (entry != null && entry.liveAt(millis)) {
                found.add(read(key, entry));
            }
        }
        return found;
    }

    @Override
    public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
        KeyState state = session.state(scope).keys();
        long millis = session.store().clock().millis();
        Map<String, KeyState.Entry> rest = state.entries().tailMap(prefix, true);
        for (String after : Cursor.read(page, "keys", 1)) {
            rest = state.entries().tailMap(after, false);
        }
        List<KeyEntry> read = new ArrayList<>();
        for (Map.Entry<String, KeyState.Entry> entry : rest.entrySet()) {
            if (!entry.getKey().startsWith(prefix) || read.size() > page.limit()) {
                break;
            }
            if (entry.getValue().liveAt(millis)) {
                read.add(read(entry.getKey(), entry.getValue()));
            }
        }
        return Page.of(read, page.limit(), last -> Cursor.of("keys", last.key()));
    }

    private static KeyEntry read(String key, KeyState.Entry entry) {
        return new KeyEntry(key, entry.value(), entry.version(), entry.expiry());
    }
}
