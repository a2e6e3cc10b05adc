package io.contextdb.backend.redis;

import io.contextdb.spi.value.Deadline;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A script that the server runs as one step; sent whole only to a server that has not seen it. Immutable. */
final class Script {
    static final Script APPLY = new Script("keys", "limiters", "events", "apply");
    static final Script SCAN = new Script("scan");
    static final Script READ = new Script("read");
    static final Script GROUPS = new Script("groups");
    static final Script DEAD = new Script("dead");
    static final Script STATISTICS = new Script("statistics");
    static final Script DROP = new Script("drop");
    static final Script RIGHTS = new Script("rights");

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
    List<Object> read(Link link, Deadline deadline, byte[] root, byte[]... arguments) {
        byte[][] keys = {root};
        try {
            return link.read(
                    name, deadline, commands -> commands.evalsha(sha, ScriptOutputType.MULTI, keys, arguments));
        } catch (RedisNoScriptException unknown) {
            return link.read(name, deadline, commands -> commands.eval(text, ScriptOutputType.MULTI, keys, arguments));
        }
    }

    /** Runs the script where it writes: if the answer is lost, the outcome is unknown. */
    List<Object> write(Link link, Deadline deadline, byte[] root, byte[]... arguments) {
        byte[][] keys = {root};
        try {
            return link.write(
                    name, deadline, commands -> commands.evalsha(sha, ScriptOutputType.MULTI, keys, arguments));
        } catch (RedisNoScriptException unknown) {
            return link.write(name, deadline, commands -> commands.eval(text, ScriptOutputType.MULTI, keys, arguments));
        }
    }
}
