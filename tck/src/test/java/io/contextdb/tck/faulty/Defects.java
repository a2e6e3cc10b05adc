package io.contextdb.tck.faulty;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every defect that the kit must see, by model. */
final class Defects {
    /** No defect: the same wrapper, which the kit must find healthy. */
    static final Defect NONE = Defect.of("none", "Nothing is wrong.", "G0", Fault.none());

    private Defects() {}

    static Map<String, Defect> all() {
        Map<String, Defect> all = new LinkedHashMap<>();
        Stream.of(
                        BatchDefects.all(),
                        ConditionDefects.all(),
                        NamespaceDefects.all(),
                        DropDefects.all(),
                        ValueDefects.all(),
                        NodeDefects.all(),
                        TimeDefects.all(),
                        FingerprintDefects.all(),
                        DiffDefects.all(),
                        EdgeDefects.all(),
                        SourceDefects.all(),
                        WalkDefects.all(),
                        ErasureDefects.all(),
                        SpaceDefects.all(),
                        PointDefects.all(),
                        SearchDefects.all(),
                        TextDefects.all(),
                        FilterDefects.all(),
                        ComparisonDefects.all(),
                        KeyDefects.all(),
                        ExpiryDefects.all(),
                        CounterDefects.all(),
                        LogDefects.all(),
                        LatestDefects.all(),
                        GroupDefects.all(),
                        TrimDefects.all(),
                        AggregateDefects.all(),
                        DocumentDefects.all(),
                        PatchDefects.all(),
                        SortDefects.all(),
                        PageDefects.all(),
                        LimitDefects.all())
                .flatMap(List::stream)
                .forEach(defect -> {
                    if (all.put(defect.id(), defect) != null) {
                        throw new IllegalStateException("two defects are called " + defect.id());
                    }
                });
        return all;
    }
}
