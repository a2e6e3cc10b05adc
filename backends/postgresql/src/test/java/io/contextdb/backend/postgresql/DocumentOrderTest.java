package io.contextdb.backend.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.document.DocumentQuery;
import io.contextdb.spi.document.SortKey;
import io.contextdb.spi.filter.Field;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.value.CommitToken;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.value.NamespaceName;
import io.contextdb.spi.value.Page;
import io.contextdb.spi.value.PageRequest;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.value.ReadScope;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sorted pages of the server have the one total order of values, with and without an index of the path (contract D2, D4). */
class DocumentOrderTest {
    private static final NamespaceName N = NamespaceName.of("n");
    private static final String LONG = "x".repeat(250);
    private static final List<Object> SCALARS = Arrays.asList(
            null,
            false,
            true,
            0,
            -0.0,
            1,
            1.0,
            1.5,
            -1,
            -1.5,
            -10,
            10,
            99,
            100,
            1e-7,
            -1e-7,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            Long.MAX_VALUE,
            9.3e18,
            "",
            "a",
            "B",
            "a\u0001",
            "é",
            "\uffff",
            "😀",
            LONG,
            LONG + "a",
            LONG + "b");

    private PostgresBackend backend;

    @BeforeEach
    void open() {
        backend = TestServer.quiet(TestServer.get().url(TestServer.schema("sorted")));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static ReadScope scope() {
        return new ReadScope(N, Deadline.after(Duration.ofSeconds(60)), CommitToken.NONE);
    }

    @Test
    void pagesFollowTheOrderOfValues() {
        Random random = new Random(3);
        List<Mutation> batch = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            PropertyMap body = PropertyMap.of(
                            "it's \"a\" cdb.x?",
                            i % 9 == 0 ? PropertyMap.empty() : PropertyMap.of("b", value(random, 2)))
                    .with("c", value(random, 2));
            batch.add(DocumentMutation.PutDocument.of("c", "d" + random.nextInt(1_000_000), body));
        }
        backend.apply(WriteBatch.of(N, batch), Deadline.after(Duration.ofSeconds(60)));
        check();

        backend.apply(
                WriteBatch.of(
                        N,
                        List.of(
                                new DocumentMutation.DeclareIndex("c", List.of("it's \"a\" cdb.x?", "b")),
                                new DocumentMutation.DeclareIndex("c", List.of("c")))),
                Deadline.after(Duration.ofSeconds(60)));
        backend.upkeep().run();
        check();
    }

    private void check() {
        SortKey path = SortKey.ascending("it's \"a\" cdb.x?", "b");
        SortKey down = SortKey.descending("it's \"a\" cdb.x?", "b");
        for (List<SortKey> sort : List.of(
                List.of(path),
                List.of(down),
                List.of(SortKey.descending("c"), path),
                List.of(down, SortKey.ascending("c")),
                List.of(new SortKey(Field.subject(), false), new SortKey(Field.id(), true)))) {
            List<Document> all = all(new DocumentQuery("c", Filter.everything(), sort, PageRequest.first(7)));
            assertThat(all).as(sort.toString()).hasSize(400).isSortedAccordingTo(SortKey.order(sort));
        }
        List<Document> all = all(DocumentQuery.of("c", Filter.everything()));
        for (Object value : SCALARS) {
            for (Filter.Operator operator : Filter.Operator.values()) {
                if (operator != Filter.Operator.STARTS_WITH || value instanceof String) {
                    Filter filter = new Filter.Comparison(Field.property("c"), operator, value);
                    assertFound(filter, all);
                    assertFound(Filter.not(filter), all);
                }
            }
        }
        assertFound(Filter.in(Field.property("c"), SCALARS), all);
        assertFound(Filter.in(Field.property("c"), Arrays.asList(1.0, List.of(), null)), all);
    }

    private void assertFound(Filter filter, List<Document> all) {
        assertThat(backend.documents().count(scope(), "c", filter))
                .as(filter.toString())
                .isEqualTo(all.stream().filter(filter::matches).count());
    }

    private List<Document> all(DocumentQuery query) {
        List<Document> all = new ArrayList<>();
        Page<Document> page = backend.documents().find(scope(), query);
        all.addAll(page.items());
        while (!page.next().isEmpty()) {
            page = backend.documents().find(scope(), query.page(new PageRequest(7, page.next())));
            all.addAll(page.items());
            assertThat(all).as("a page goes on").hasSizeLessThanOrEqualTo(400);
        }
        return all;
    }

    private static Object value(Random random, int depth) {
        if (depth == 4 || random.nextInt(3) > 0) {
            return SCALARS.get(random.nextInt(SCALARS.size()));
        }
        List<Object> list = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            list.add(value(random, depth + 1));
        }
        if (random.nextBoolean()) {
            return list;
        }
        Map<String, Object> map = new java.util.HashMap<>();
        list.forEach(element -> map.put(List.of("b", "bb", "a").get(random.nextInt(3)), element));
        return map;
    }
}
