package io.contextdb.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.cli.CommandRun;
import io.contextdb.cli.ExitCode;
import io.contextdb.cli.WordEmbedder;
import io.contextdb.spi.NamespaceStatistics;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.NodeQuery;
import io.contextdb.spi.value.PropertyMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestAgainTest {
    @TempDir
    Path folder;

    private final CommandRun command = new CommandRun();

    @AfterEach
    void close() {
        command.close();
    }

    @Test
    void unchangedFilesAreSkipped() throws IOException {
        Files.writeString(folder.resolve("a.md"), "# A\nfirst\n");
        ingest();
        NamespaceStatistics before = command.namespace().statistics();

        PropertyMap again = ingest();

        assertThat(again.integer("unchanged")).contains(1L);
        assertThat(again.integer("chunks")).contains(0L);
        assertThat(command.namespace().statistics()).isEqualTo(before);
    }

    @Test
    void aChangedFileReplacesWhatItSaidBefore() throws IOException {
        Path file = Files.writeString(folder.resolve("a.md"), "# A\nthe sky is green\n");
        ingest();
        Files.writeString(file, "# A\nthe sky is blue\n");

        PropertyMap again = ingest();

        assertThat(again.integer("changed")).contains(1L);
        assertThat(texts()).containsExactly("the sky is blue");
        assertThat(answers("sky")).containsExactly("the sky is blue");
        assertThat(ingest().integer("unchanged")).contains(1L);
    }

    @Test
    void aFileThatGoesBackToAnEarlierTextIsReplacedToo() throws IOException {
        Path file = Files.writeString(folder.resolve("a.md"), "one\n");
        ingest();
        Files.writeString(file, "two\n");
        ingest();
        Files.writeString(file, "one\n");
        ingest();

        assertThat(texts()).containsExactly("one");
    }

    @Test
    void anIngestThatBreaksGoesOnWithoutRepeating() throws IOException {
        for (int i = 0; i < 40; i++) {
            StringBuilder sections = new StringBuilder();
            for (int j = 0; j < 6; j++) {
                sections.append("# T")
                        .append(j)
                        .append('\n')
                        .append(text(10 * i + j))
                        .append('\n');
            }
            Files.writeString(folder.resolve("f" + i + ".md"), sections);
        }
        WordEmbedder whole = new WordEmbedder();
        command.embedder(new WordEmbedder().breakAfter(130));
        CommandRun.Result broken = command.run("ingest", "--embed-threads", "1", folder.toString());
        assertThat(broken.code()).isEqualTo(ExitCode.ERROR);
        assertThat(broken.err()).contains("the embedder broke");
        long before = texts().size();
        assertThat(before).isBetween(1L, 239L);

        command.embedder(whole);
        ingest();

        assertThat(texts()).hasSize(240);
        assertThat(whole.embedded()).isLessThan(240);
        NamespaceStatistics continued = command.namespace().statistics();
        try (CommandRun other = new CommandRun()) {
            other.run("ingest", folder.toString());
            NamespaceStatistics clean = other.namespace().statistics();
            assertThat(continued.nodes()).isEqualTo(clean.nodes());
            assertThat(continued.edges()).isEqualTo(clean.edges());
            assertThat(continued.points()).isEqualTo(clean.points());
        }
    }

    @Test
    void aFileThatChangesAfterItsIngestBrokeIsThereOnce() throws IOException {
        StringBuilder first = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            first.append("# H").append(i).append("\nold ").append(i).append('\n');
        }
        Path file = Files.writeString(folder.resolve("a.md"), first);
        CommandRun.Result broken = command.embedder(new WordEmbedder().breakAfter(150))
                .run("ingest", "--embed-threads", "1", folder.toString());
        assertThat(broken.err()).contains("the embedder broke");
        assertThat(texts()).isNotEmpty();
        Files.writeString(file, "new\n");

        command.embedder(new WordEmbedder());
        ingest();

        assertThat(texts()).containsExactly("new");
    }

    @Test
    void whatWasForgottenCanBeLearnedAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("a.md"), "# A\none\n");
        Files.writeString(folder.resolve("b.md"), "# B\ntwo\n");
        ingest();
        Files.writeString(file, "# A\nthree\n");
        ingest();

        CommandRun.Result forgotten = command.run("forget", "--yes", file.toString());

        assertThat(forgotten.code()).isEqualTo(ExitCode.OK);
        assertThat(texts()).containsExactly("two");
        assertThat(command.namespace().statistics().nodes()).isEqualTo(3);
        assertThat(ingest().integer("added")).contains(1L);
        assertThat(texts()).containsExactlyInAnyOrder("two", "three");
    }

    @Test
    void aFolderIsForgottenWithAllItsFiles() throws IOException {
        Files.writeString(folder.resolve("a.md"), "one\n");
        Files.writeString(folder.resolve("b.md"), "two\n");
        ingest();

        assertThat(command.answering("n\n", "forget", folder.toString()).code()).isEqualTo(ExitCode.ERROR);
        assertThat(texts()).hasSize(2);
        assertThat(command.answering("y\n", "forget", folder.toString()).code()).isEqualTo(ExitCode.OK);
        assertThat(command.namespace().statistics().nodes()).isZero();
        assertThat(command.run("forget", "--yes", folder.toString()).code()).isEqualTo(ExitCode.NOTHING_FOUND);
    }

    private static String text(int i) {
        return "word" + i + " and a few others for the number " + i;
    }

    private PropertyMap ingest() {
        CommandRun.Result result = command.run("ingest", "--json", folder.toString());
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        return result.json();
    }

    private List<String> texts() {
        return command.namespace()
                .graph()
                .scanAll(NodeQuery.of(Filter.label("chunk")))
                .map(node -> node.properties().string("text").orElseThrow())
                .toList();
    }

    private List<String> answers(String question) {
        return command.run("ask", "--json", question).list("answers").stream()
                .map(answer -> answer.string("text").orElseThrow())
                .toList();
    }
}
