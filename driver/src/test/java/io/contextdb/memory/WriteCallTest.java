package io.contextdb.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WriteCallTest {
    private static List<MemoryDraft> drafts(int count, int length) {
        return IntStream.range(0, count)
                .mapToObj(i -> MemoryDraft.of("x".repeat(length)))
                .toList();
    }

    private static List<Integer> sizes(List<MemoryDraft> drafts) {
        return WriteCall.portions(drafts).stream().map(List::size).toList();
    }

    @Test
    void portionsAreBoundedByCount() {
        assertThat(sizes(drafts(0, 1))).isEmpty();
        assertThat(sizes(drafts(64, 1))).containsExactly(64);
        assertThat(sizes(drafts(130, 1))).containsExactly(64, 64, 2);
    }

    @Test
    void portionsAreBoundedByTextAndKeepTheOrder() {
        List<MemoryDraft> drafts = drafts(10, 1 << 20);

        assertThat(sizes(drafts)).containsExactly(4, 4, 2);
        assertThat(WriteCall.portions(drafts).stream().flatMap(List::stream)).containsExactlyElementsOf(drafts);
    }
}
