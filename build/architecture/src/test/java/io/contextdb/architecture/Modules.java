package io.contextdb.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;

/** Which module a class of ours belongs to, told by its package. */
final class Modules {
    /** All main classes of ours that are on the class path. */
    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.contextdb");

    static final String DRIVER = "driver";

    private static final String ROOT = "io.contextdb";

    /** Modules with packages of their own under the root; what is left under the root is the driver's. */
    private static final List<String> TOP = List.of("spi", "json", "tck", "cli", "bench", "architecture");

    /** Folders of modules: each package below is one module. */
    private static final List<String> FAMILIES = List.of("backend", "embedder");

    private Modules() {}

    static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    /** For instance {@code spi}, {@code driver} or {@code backend.memory}. */
    static String of(JavaClass type) {
        String[] parts = type.getPackageName().split("\\.");
        String first = parts.length > 2 ? parts[2] : DRIVER;
        if (FAMILIES.contains(first)) {
            return parts.length > 3 ? first + "." + parts[3] : first;
        }
        return TOP.contains(first) ? first : DRIVER;
    }

    static boolean isInternal(JavaClass type) {
        return List.of(type.getPackageName().split("\\.")).contains("internal");
    }
}
