package io.contextdb.cli.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.contextdb.cli.CommandRun;
import io.contextdb.cli.ExitCode;
import io.contextdb.spi.filter.Filter;
import io.contextdb.spi.graph.Direction;
import io.contextdb.spi.graph.Edge;
import io.contextdb.spi.graph.EdgeQuery;
import io.contextdb.spi.graph.Node;
import io.contextdb.spi.graph.NodeQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestStructureTest {
    @TempDir
    Path folder;

    private final CommandRun command = new CommandRun();

    @AfterEach
    void close() {
        command.close();
    }

    @Test
    void aDocumentContainsItsHeadingsAndTheseTheirChunks() throws IOException {
        Path file = Files.writeString(folder.resolve("guide.md"), "# Guide\nIntro.\n## Install\nRun it.\n");

        assertThat(command.run("ingest", folder.toString()).code()).isEqualTo(ExitCode.OK);

        Node document = only("document");
        assertThat(document.source()).isEqualTo("file:" + file.toRealPath());
        List<Node> headings = nodes("heading");
        assertThat(headings).extracting(this::title).containsExactlyInAnyOrder("Guide", "Install");
        Node guide = headings.stream()
                .filter(node -> title(node).equals("Guide"))
                .findFirst()
                .orElseThrow();
        Node install = headings.stream()
                .filter(node -> title(node).equals("Install"))
                .findFirst()
                .orElseThrow();
        Node intro = chunk("Intro.");
        Node run = chunk("Run it.");
        assertThat(targets(document.id(), "contains")).containsExactly(guide.id());
        assertThat(targets(guide.id(), "contains")).containsExactlyInAnyOrder(intro.id(), install.id());
        assertThat(targets(install.id(), "contains")).containsExactly(run.id());
        assertThat(targets(intro.id(), "next")).containsExactly(run.id());
        assertThat(run.properties().get("headings")).isEqualTo(List.of("Guide", "Install"));
    }

    @Test
    void packedAndLatinFilesAreReadAndOthersAreLeftOut() throws IOException {
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.md.gz")))) {
            out.write("# Packed\nInside.\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.write(folder.resolve("latin.txt"), "Grüße".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(folder.resolve("image"), new byte[] {1, 0, 2});
        Files.createFile(folder.resolve("empty.txt"));
        Files.writeString(folder.resolve(".hidden"), "secret");
        Files.writeString(folder.resolve("large.txt"), "x ".repeat(600_000));

        CommandRun.Result result = command.run("ingest", "--json", "--max-file-size", "1", folder.toString());

        assertThat(result.code()).isEqualTo(ExitCode.ERROR);
        assertThat(result.json().integer("added")).contains(2L);
        assertThat(result.json().integer("notText")).contains(1L);
        assertThat(result.json().integer("empty")).contains(1L);
        assertThat(result.list("problems"))
                .hasSize(1)
                .allSatisfy(problem ->
                        assertThat(problem.string("reason").orElseThrow()).contains("larger than the limit"));
        assertThat(chunk("Inside.").properties().get("headings")).isEqualTo(List.of("Packed"));
        assertThat(chunk("Grüße")).isNotNull();
    }

    @Test
    void theOtherFieldsOfARecordCanBeFilteredBy() throws IOException {
        Files.writeString(
                folder.resolve("r.jsonl"),
                "{\"text\":\"a good book\",\"stars\":5}\n{\"text\":\"a bad book\",\"stars\":1}\n");
        command.run("ingest", folder.toString());

        CommandRun.Result result = command.run("ask", "--json", "--where", "properties.record.stars >= 4", "book");

        assertThat(result.list("answers"))
                .extracting(answer -> answer.string("text").orElseThrow())
                .containsExactly("a good book");
    }

    @Test
    void aFileOfManyPortionsIsOneDocument() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append("## Section ")
                    .append(i)
                    .append("\nwords of section ")
                    .append(i)
                    .append("\n\n");
        }
        Files.writeString(folder.resolve("long.md"), text);

        CommandRun.Result result = command.run("ingest", "--json", folder.toString());

        assertThat(result.json().integer("chunks")).contains(300L);
        assertThat(nodes("chunk")).hasSize(300);
        assertThat(targets(only("document").id(), "contains")).hasSize(300);
    }

    private Node only(String label) {
        assertThat(nodes(label)).hasSize(1);
        return nodes(label).get(0);
    }

    private Node chunk(String text) {
        return nodes("chunk").stream()
                .filter(node -> node.properties().string("text").orElse("").equals(text))
                .findFirst()
                .orElseThrow();
    }

    private String title(Node node) {
        return node.properties().string("title").orElseThrow();
    }

    private List<Node> nodes(String label) {
        return command.namespace()
                .graph()
                .scanAll(NodeQuery.of(Filter.label(label)))
                .toList();
    }

    private List<UUID> targets(UUID from, String type) {
        EdgeQuery query = EdgeQuery.of(Direction.OUTGOING, from)
                .types(List.of(type))
                .page(io.contextdb.spi.value.PageRequest.first(1_000));
        return command.namespace().graph().edges(query).items().stream()
                .map(Edge::to)
                .toList();
    }
}
