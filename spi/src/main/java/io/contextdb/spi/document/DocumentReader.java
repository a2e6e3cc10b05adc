package io.contextdb.spi.document;

import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.ReadScope;
import java.util.Collection;
import java.util.List;

/** Reads of documents. A collection that was never written is empty. Thread-safe. */
public interface DocumentReader {
    /** Returns documents in the order asked, absent ones left out; at most 10,000 ids (contract D1). */
    List<Document> get(ReadScope scope, String collection, Collection<String> ids);

    /** Returns the documents that match, in the order of {@link SortKey#order} (D2). */
    Page<Document> find(ReadScope scope, DocumentQuery query);

    /** Returns how many documents match. */
    long count(ReadScope scope, String collection, Filter filter);

    /** Returns the names of the collections that hold documents, in code point order. */
    List<String> collections(ReadScope scope);
}
