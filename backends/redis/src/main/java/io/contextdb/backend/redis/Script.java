package io.contextdb.backend.redis;

import io.contextdb.spi.error.ContextUnavailableException;
import io.contextdb.spi.error.Outcome;
import io.contextdb.spi.value.Deadline;
import io.contextdb.spi.write.EventMutation;
import io.contextdb.spi.write.KeyMutation;
import io.contextdb.spi.write.Mutation;
import io.contextdb.spi.write.WriteBatch;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A script that the server runs as one step; sent whole only to a server that has not seen it. Immutable. */
final class Script {
    static final Script SCAN = new Script("held", "scan");
    static final Script READ = new Script("held", "log", "read");
    static final Script BACKWARDS = new Script("held", "log", "backwards");
    static final Script LAST = new Script("held", "last");
    static final Script GROUPS = new Script("held", "log", "groups");
    static final Script DEAD = new Script("held", "log", "dead");
    static final Script ABOUT = new Script("held", "about");
    static final Script STATISTICS = new Script("statistics");
    static final Script DROP = new Script("log", "drop");
    static final Script RELEASE = new Script("release");
    static final Script ADVANCE = new Script("advance");
    static final Script RIGHTS = new Script("rights");
    static final Script PUTS = new Script("puts");

    /** The scripts that apply batches, by the models that they are about, so that the server has no more to read than it needs. */
    private static final Map<Set<Part>, Script> APPLY = new ConcurrentHashMap<>();

    /** What a batch may be about. */
    private enum Part {
        KEYS,
        LIMITERS,
        EVENTS,
        ERASURE;

        private List<String> files() {
            return switch (this) {
                case KEYS -> List.of("keys");
                case LIMITERS -> List.of("limiters");
                case EVENTS -> List.of("log", "events");
                case ERASURE -> List.of("erase");
            };
        }

        private static Set<Part> of(Mutation mutation) {
            return switch (mutation) {
                case KeyMutation.Acquire acquire -> EnumSet.of(LIMITERS);
                case KeyMutation key -> EnumSet.of(KEYS);
                case EventMutation event -> EnumSet.of(EVENTS);
                default -> EnumSet.of(KEYS, EVENTS, ERASURE);
            };
        }
    }

    private final String name;
    private final byte[] text;
    private final String sha;

    private Script(String... files) {
        name = files[files.length - 1];
        text = Stream.concat(Stream.of("namespace"), Arrays.stream(files))
                .map(Script::resource)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
        sha = sha(text);
    }

    /** Returns the script that applies a batch. */
    static Script apply(WriteBatch batch) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        batch.mutations().forEach(mutation -> parts.addAll(Part.of(mutation)));
        return APPLY.computeIfAbsent(parts, all -> {
            List<String> files = new ArrayList<>(List.of("batch"));
            all.forEach(part -> files.addAll(part.files()));
            files.add("apply");
            return new Script(files.toArray(String[]::new));
        });
    }

    private static String resource(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file + ".lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String sha(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-1", absent);
        }
    }

    /** Runs the script where it changes nothing that a caller sees. */
    List<Object> read(Calls calls, Deadline deadline, byte[] root, byte[]... arguments) {
        return run(calls, Outcome.NOT_APPLIED, deadline, root, arguments);
    }

    /** Runs the script where it writes: if the answer is lost, the outcome is unknown. */
    List<Object> write(Calls calls, Deadline deadline, byte[] root, byte[]... arguments) {
        return run(calls, Outcome.UNKNOWN, deadline, root, arguments);
    }

    /** Who finds that the namespace is being dropped brings that to its end first; whoever began it may be gone. */
    private List<Object> run(Calls calls, Outcome ifSent, Deadline deadline, byte[] root, byte[]... arguments) {
        while (true) {
            try {
                return once(calls, ifSent, deadline, root, arguments);
            } catch (ContextUnavailableException refused) {
                if (!RedisErrors.isDropping(refused)) {
                    throw refused;
                }
                Drops.goOn(calls, deadline, root);
            }
        }
    }

    List<Object> once(Calls calls, Outcome ifSent, Deadline deadline, byte[] root, byte[]... arguments) {
        byte[][] keys = {root};
        try {
            return calls.call(
                    name, deadline, ifSent, commands -> commands.evalsha(sha, ScriptOutputType.MULTI, keys, arguments));
        } catch (RedisNoScriptException unknown) {
            calls.scriptUnknown(root, name, deadline);
            return calls.call(
                    name, deadline, ifSent, commands -> commands.eval(text, ScriptOutputType.MULTI, keys, arguments));
        }
    }

    /** Sends the script without waiting for its answer. */
    CompletionStage<List<Object>> send(
            RedisClusterAsyncCommands<byte[], byte[]> commands, byte[] root, byte[]... arguments) {
        byte[][] keys = {root};
        try {
            CompletionStage<List<Object>> answer = commands.evalsha(sha, ScriptOutputType.MULTI, keys, arguments);
            return answer.exceptionallyCompose(error -> cause(error) instanceof RedisNoScriptException
                    ? commands.eval(text, ScriptOutputType.MULTI, keys, arguments)
                    : CompletableFuture.failedStage(cause(error)));
        } catch (RedisException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }

    /** Returns what a stage failed of, without what its dependents wrap it in. */
    static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
