package io.contextdb.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * What somebody writes by hand with Lucene alone: the same vectors, texts and property in one index, as broad a search as the embedded
 * store's. What is written is seen after {@link #refresh} only. Thread-safe.
 */
public final class BareLucene implements AutoCloseable {
    /** Of the walk over the graph, as in the embedded store for 10 hits. */
    private static final int BREADTH = 24;

    private static final Set<String> STORED = Set.of("id", "text", "bucket");

    private final FSDirectory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;

    /** Opens an empty index. */
    public BareLucene(Path path) throws IOException {
        directory = FSDirectory.open(path);
        writer = new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()).setRAMBufferSizeMB(64));
        searchers = new SearcherManager(writer, null);
    }

    /** Adds points of the data, from one to another, which is not among them, and commits. */
    public void add(VectorData data, int from, int to) throws IOException {
        for (int i = from; i < Math.min(to, data.size()); i++) {
            put(VectorData.id(i), data.vector(i), data.text(i), i % VectorData.BUCKETS);
        }
        writer.commit();
    }

    /** Adds a point. */
    public void put(UUID id, float[] vector, String text, int bucket) throws IOException {
        Document document = new Document();
        document.add(new StringField("id", id.toString(), Field.Store.YES));
        document.add(new KnnFloatVectorField("vector", vector, VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new TextField("text", text, Field.Store.YES));
        document.add(new IntField("bucket", bucket, Field.Store.YES));
        writer.addDocument(document);
    }

    /** Removes a point. */
    public void delete(UUID id) throws IOException {
        writer.deleteDocuments(new Term("id", id.toString()));
    }

    /** Makes everything durable. */
    public void commit() throws IOException {
        writer.commit();
    }

    /** Lets searches see what was written. */
    public void refresh() throws IOException {
        searchers.maybeRefreshBlocking();
    }

    /** Returns the ids of the nearest, of a bucket if it is not negative. */
    public List<UUID> search(float[] vector, int bucket) throws IOException {
        Query only = bucket < 0 ? null : IntField.newExactQuery("bucket", bucket);
        return find(new KnnFloatVectorQuery("vector", vector, BREADTH, only));
    }

    /** Returns the ids of the texts that match best, any word of the text. */
    public List<UUID> searchText(String text) throws IOException {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (String word : text.split(" ", -1)) {
            any.add(new TermQuery(new Term("text", word)), BooleanClause.Occur.SHOULD);
        }
        return find(any.build());
    }

    private List<UUID> find(Query query) throws IOException {
        IndexSearcher searcher = searchers.acquire();
        try {
            List<UUID> ids = new ArrayList<>();
            StoredFields fields = searcher.storedFields();
            for (ScoreDoc hit : searcher.search(query, VectorData.K).scoreDocs) {
                Document document = fields.document(hit.doc, STORED);
                if (present(document.get("text")) && present(document.get("bucket"))) {
                    ids.add(UUID.fromString(document.get("id")));
                }
            }
            return ids;
        } finally {
            searchers.release(searcher);
        }
    }

    private static boolean present(@Nullable String value) {
        return value != null;
    }

    @Override
    public void close() throws IOException {
        searchers.close();
        writer.close();
        directory.close();
    }
}
