package io.contextdb.cli.chunk;

import io.contextdb.json.PropertyJson;
import io.contextdb.spi.error.InvalidRequestException;
import io.contextdb.spi.value.PropertyMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A JSON object per line, each a record: its text is the first of {@code text}, {@code content}, {@code body} and
 * {@code message} that is a string; the other fields are kept if they are small. Lines without are unreadable.
 */
final class JsonLinesBlocks implements BlockReader {
    private static final List<String> TEXT_FIELDS = List.of("text", "content", "body", "message");
    private static final long MAX_FIELDS_BYTES = 4_096;

    @Override
    public void read(BufferedReader text, Consumer<Block> blocks) throws IOException {
        int number = 0;
        String line;
        while ((line = text.readLine()) != null) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                entry(PropertyJson.read(line), number, blocks);
            } catch (InvalidRequestException malformed) {
                blocks.accept(new Block.Unreadable("line " + number + ": " + malformed.getMessage()));
            }
        }
    }

    private static void entry(PropertyMap fields, int line, Consumer<Block> blocks) {
        Optional<String> field = TEXT_FIELDS.stream()
                .filter(name -> !fields.string(name).orElse("").isBlank())
                .findFirst();
        if (field.isEmpty()) {
            blocks.accept(new Block.Unreadable("line " + line + ": has no field " + String.join(", ", TEXT_FIELDS)));
            return;
        }
        PropertyMap others = fields.without(field.get());
        blocks.accept(new Block.Entry(
                fields.string(field.get()).orElse(""),
                (others.estimatedBytes() > MAX_FIELDS_BYTES ? PropertyMap.empty() : others).with("line", line)));
    }
}
