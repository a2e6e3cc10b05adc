package io.contextdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher is found through symbolic links, wherever it is called from. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    private Path folder;

    private static Path launcher() {
        for (Path above = Path.of("").toAbsolutePath(); above != null; above = above.getParent()) {
            Path launcher = above.resolve("contextdb");
            if (Files.isRegularFile(launcher) && Files.isDirectory(above.resolve("cli"))) {
                return launcher;
            }
        }
        throw new IllegalStateException("the launcher is not above the working directory");
    }

    /** Runs a path from a folder, and returns the checkout that the launcher found. */
    private static String run(Path from, String path) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(path, "--print-home");
        builder.directory(from.toFile()).redirectErrorStream(true);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.strip();
    }

    @Test
    void absoluteAndRelativeLinksAndLinksToLinks() throws IOException, InterruptedException {
        Path launcher = launcher().toRealPath();
        String home = launcher.getParent().toString();
        Path bin = Files.createDirectories(folder.resolve("my programs/bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), launcher);
        Path real = bin.toRealPath();
        Path relative = Files.createSymbolicLink(bin.resolve("relative one"), real.relativize(launcher));
        Path chain = Files.createSymbolicLink(folder.resolve("chain"), Path.of("my programs/bin/relative one"));
        Path linked = Files.createSymbolicLink(folder.resolve("linked"), bin);

        assertThat(run(folder, launcher.toString())).isEqualTo(home);
        assertThat(run(folder, absolute.toString())).isEqualTo(home);
        assertThat(run(folder, relative.toString())).isEqualTo(home);
        assertThat(run(folder, chain.toString())).isEqualTo(home);
        assertThat(run(folder, "./chain")).isEqualTo(home);
        assertThat(run(bin, "../../chain")).isEqualTo(home);
        assertThat(run(folder, linked.resolve("relative one").toString())).isEqualTo(home);
    }
}
