package io.contextdb.bench.retrieval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Real text and questions whose answers are known: paragraphs of this project's documentation, as they were once.
 *
 * @param passages the paragraphs, in their order
 * @param questions what is asked
 */
record Corpus(List<Passage> passages, List<Question> questions) {
    private static final Pattern STATEMENT = Pattern.compile("\\b[GNVKEDMS]\\d+a?\\b");

    /**
     * A paragraph.
     *
     * @param name of a statement of the contract, or of the document and the paragraph's number
     * @param text without its name
     */
    record Passage(String name, String text) {
        UUID id() {
            return new UUID(3, name.hashCode());
        }

        /** Returns the document that it is from; each letter of the contract counts as one. */
        String document() {
            return name.contains(".") ? name.substring(0, name.indexOf('.')) : name.substring(0, 1);
        }

        /** Returns the statements that it refers to. */
        List<String> mentions() {
            List<String> found = new ArrayList<>();
            for (Matcher mention = STATEMENT.matcher(text); mention.find(); ) {
                found.add(mention.group());
            }
            return found;
        }
    }

    /**
     * A question.
     *
     * @param text what is asked
     * @param answers names of the passages that answer it
     */
    record Question(String text, Set<String> answers) {}

    /** Reads what comes with the benchmarks. */
    static Corpus read() throws IOException {
        List<Passage> passages = new ArrayList<>();
        for (String line : lines("passages.tsv")) {
            String[] parts = line.split("\t", 2);
            passages.add(new Passage(parts[0], parts[1]));
        }
        List<Question> questions = new ArrayList<>();
        for (String line : lines("questions.txt")) {
            String[] parts = line.split("\\|", 2);
            questions.add(new Question(parts[0], Set.of(parts[1].split(",", -1))));
        }
        return new Corpus(List.copyOf(passages), List.copyOf(questions));
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream text = Corpus.class.getResourceAsStream(resource)) {
            if (text == null) {
                throw new IOException(resource + " does not come with the benchmarks");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
