package io.contextdb.scaled;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A Java machine of its own that runs a {@link CrashWriter}. */
final class CrashProcess implements AutoCloseable {
    private final Process process;

    CrashProcess(String url, Path log, long seed) {
        try {
            process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--add-modules",
                            "jdk.incubator.vector",
                            "--enable-native-access=ALL-UNNAMED",
                            "-Xmx192m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path", ""),
                            CrashWriter.class.getName(),
                            url,
                            log.toString(),
                            Long.toString(seed)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            log.resolveSibling("writers").toFile()))
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Kills it, in the middle of whatever it does. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
