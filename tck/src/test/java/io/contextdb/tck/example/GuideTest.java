package io.contextdb.tck.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the guide shows is what is compiled and tested. */
class GuideTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path EXAMPLE = Path.of("src", "test", "java", "io", "contextdb", "tck", "example");
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);

    private static List<String> blocks(String language) throws IOException {
        return BLOCK.matcher(Files.readString(DOCS.resolve("writing-a-backend.md")))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** Indentation is the reader's; all else is not. */
    private static String plain(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }

    @Test
    void everyPieceOfJavaStandsInTheExample() throws IOException {
        String example = Stream.of("Shelf.java", "ShelfTest.java", "NetworkHook.java")
                .map(EXAMPLE::resolve)
                .map(GuideTest::read)
                .map(GuideTest::plain)
                .collect(Collectors.joining("\n"));

        assertThat(blocks("java"))
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(block -> assertThat(example).contains(plain(block)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new java.io.UncheckedIOException(missing);
        }
    }

    @Test
    void theExampleIsAsShortAsTheGuideSays() throws IOException {
        assertThat(Files.readAllLines(EXAMPLE.resolve("Shelf.java"))).hasSizeLessThan(150);
    }

    @Test
    void theBuildFileHasTheVersionsOfThisBuild() throws IOException {
        String parent = Files.readString(Path.of("..", "pom.xml"));
        String shown = blocks("xml").getFirst();
        String version = Pattern.compile("<artifactId>contextdb-parent</artifactId>\\s*<version>(.*?)</version>")
                .matcher(parent)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();

        for (String artifact : List.of("contextdb-spi", "contextdb-tck")) {
            assertThat(version(shown, artifact)).isEqualTo(version);
        }
        for (String plugin : List.of("maven-compiler-plugin", "maven-surefire-plugin")) {
            assertThat(version(shown, plugin)).isEqualTo(version(parent, plugin));
        }
    }

    private static String version(String pom, String artifact) {
        return Pattern.compile("<artifactId>" + artifact + "</artifactId>\\s*<version>(.*?)</version>")
                .matcher(pom)
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow();
    }
}
