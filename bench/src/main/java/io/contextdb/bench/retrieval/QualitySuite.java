package io.contextdb.bench.retrieval;

import io.contextdb.bench.BenchmarkRun;
import io.contextdb.bench.Suite;
import io.contextdb.bench.Table;
import java.util.Locale;
import java.util.Map;

/** Whether questions about real text find the paragraphs that answer them. */
public final class QualitySuite implements Suite {
    @Override
    public void run(BenchmarkRun run) throws Exception {
        try (Library library = new Library()) {
            Table table = Table.of(
                    "quality/questions",
                    String.format(
                            "%d questions about %d paragraphs of documentation",
                            library.corpus().questions().size(),
                            library.corpus().passages().size()),
                    "asked by",
                    "nDCG@10",
                    "MRR");
            for (Map.Entry<String, Quality> way : library.measure().entrySet()) {
                table = table.row(
                        way.getKey(),
                        String.format(Locale.ROOT, "%.3f", way.getValue().ndcg()),
                        String.format(Locale.ROOT, "%.3f", way.getValue().mrr()));
            }
            run.add(table);
        }
    }
}
