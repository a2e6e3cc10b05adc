package io.contextdb.cli;

import io.contextdb.ContextConnection;
import io.contextdb.ContextDriverManager;
import io.contextdb.Namespace;
import io.contextdb.json.PropertyJson;
import io.contextdb.spi.value.PropertyMap;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Runs commands against a store of its own in memory, which lives as long as this. */
public final class CommandRun implements AutoCloseable {
    private final String url = "contextdb:memory:cli-" + UUID.randomUUID();
    private final ContextConnection connection = ContextDriverManager.getConnection(url);
    private final Map<String, String> environment = new HashMap<>();
    private WordEmbedder embedder = new WordEmbedder();
    private boolean terminal;

    /** What a command left. */
    public record Result(int code, String out, String err) {
        /** Returns the output as the JSON object that it must be. */
        public PropertyMap json() {
            return PropertyJson.read(out.strip());
        }

        /** Returns a list of objects in the JSON output. */
        public List<PropertyMap> list(String name) {
            List<PropertyMap> objects = new ArrayList<>();
            if (json().get(name) instanceof List<?> list) {
                list.forEach(element -> objects.add(
                        PropertyMap.of("element", element).map("element").orElseThrow()));
            }
            return objects;
        }
    }

    /** Runs a command in the store. */
    public Result run(String... arguments) {
        return answering("", arguments);
    }

    /** Runs a command in the store, whose questions are answered. */
    public Result answering(String answer, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--url", url));
        all.addAll(List.of(arguments));
        return bare(answer, all.toArray(String[]::new));
    }

    /** Runs a command line as it is. */
    public Result bare(String answer, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new Contextdb(new Surroundings(
                        new BufferedReader(new StringReader(answer)),
                        new PrintWriter(out),
                        new PrintWriter(err),
                        environment,
                        terminal,
                        false,
                        80,
                        Optional.of(embedder)))
                .run(arguments);
        return new Result(code, out.toString(), err.toString());
    }

    /** Sets an environment variable. */
    public CommandRun set(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Makes results go to a terminal. */
    public CommandRun onTerminal() {
        terminal = true;
        return this;
    }

    /** Uses another embedder. */
    public CommandRun embedder(WordEmbedder other) {
        embedder = other;
        return this;
    }

    /** Returns the URL of the store. */
    public String url() {
        return url;
    }

    /** Returns the namespace that commands use if nothing is said. */
    public Namespace namespace() {
        return connection.namespace("default");
    }

    @Override
    public void close() {
        connection.close();
    }
}
