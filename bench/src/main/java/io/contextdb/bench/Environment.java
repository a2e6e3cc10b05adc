package io.contextdb.bench;

import com.sun.management.OperatingSystemMXBean;
import io.contextdb.spi.value.PropertyMap;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where and of what results were measured.
 *
 * @param machine processor, number of processors, memory, system
 * @param java version and options of the Java machine
 * @param libraries those that are measured or measured against, with versions
 * @param command what repeats the run
 * @param commit of this project
 * @param date of the last run
 * @param seed of all data
 * @param servers how servers came about
 */
record Environment(
        String machine,
        String java,
        List<String> libraries,
        String command,
        String commit,
        String date,
        long seed,
        List<String> servers) {
    private static final Pattern MEASURED = Pattern.compile(
            "(langchain4j(?:-core|-pgvector)?|spring-ai-(?:vector|pgvector)-store|lettuce-core|lucene-core|postgresql|HikariCP|sqlite-jdbc"
                    + "|client|grpc-netty-shaded)-\\d.*(?=\\.jar)");

    static Environment now(String command, long seed, Collection<String> servers) {
        return new Environment(
                thisMachine(),
                System.getProperty("java.vm.name") + " " + Runtime.version() + ", " + String.join(" ", options()),
                measuredLibraries(),
                command,
                System.getProperty("bench.commit", "unknown"),
                LocalDate.now(ZoneOffset.UTC).toString(),
                seed,
                List.copyOf(servers));
    }

    private static String thisMachine() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return processor() + ", " + system.getAvailableProcessors() + " processors, "
                + (system.getTotalMemorySize() >> 30) + " GB, " + system.getName() + " " + system.getVersion();
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException elsewhere) {
            // Only Linux has this file.
            return System.getProperty("os.arch");
        }
    }

    private static List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-X") || option.startsWith("--add-modules"))
                .toList();
    }

    private static List<String> measuredLibraries() {
        TreeSet<String> found = new TreeSet<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Matcher measured = MEASURED.matcher(path.substring(path.lastIndexOf(File.separatorChar) + 1));
            if (measured.lookingAt()) {
                found.add(measured.group().replaceFirst("^client", "qdrant-client"));
            }
        }
        return List.copyOf(found);
    }

    PropertyMap toMap() {
        return PropertyMap.of("machine", machine, "java", java, "libraries", libraries)
                .with("command", command)
                .with("commit", commit)
                .with("date", date)
                .with("seed", seed)
                .with("servers", servers);
    }

    @Override
    public String toString() {
        return String.join(
                "\n",
                Arrays.asList(
                        "`" + command + "`, " + date + ", at " + commit + ", seed " + seed + ".",
                        machine + ".",
                        java + ".",
                        String.join(", ", libraries) + ".",
                        servers.isEmpty() ? "" : String.join("; ", servers) + "."));
    }
}
