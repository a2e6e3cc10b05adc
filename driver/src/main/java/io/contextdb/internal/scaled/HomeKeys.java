package io.contextdb.internal.scaled;

import io.contextdb.spi.key.KeyEntry;
import io.contextdb.spi.key.KeyReader;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.ReadScope;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Reads of keys that have a home of their own. */
record HomeKeys(Home home, Tokens tokens, Settlement settlement) implements KeyReader {
    @Override
    public List<KeyEntry> get(ReadScope scope, Collection<String> keys) {
        return read(scope, inHome -> home.backend().keys().get(inHome, keys));
    }

    @Override
    public Page<KeyEntry> scan(ReadScope scope, String prefix, PageRequest page) {
        return read(scope, inHome -> home.backend().keys().scan(inHome, prefix, page));
    }

    private <T> T read(ReadScope scope, Function<ReadScope, T> read) {
        ReadScope inHome = tokens.forHome(scope);
        return settlement.call(home, scope.namespace(), scope.deadline(), () -> read.apply(inHome));
    }
}
