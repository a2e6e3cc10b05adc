package io.contextdb.tck.faulty;

import static io.contextdb.tck.faulty.Defect.of;
import static io.contextdb.tck.faulty.Fault.in;

import io.contextdb.spi.document.Document;
import io.contextdb.spi.value.PropertyMap;
import io.contextdb.spi.write.Condition;
import io.contextdb.spi.write.DocumentMutation;
import io.contextdb.spi.write.DocumentMutation.PatchDocument;
import io.contextdb.spi.write.DocumentMutation.PutDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Mistakes with merge patches. */
final class PatchDefects {
    private PatchDefects() {}

    static List<Defect> all() {
        return patches();
    }

    private static List<Document> current(Call call, DocumentMutation mutation, String id) {
        return call.healthy().documents().get(call.before(), mutation.collection(), List.of(id));
    }

    private static Fault patched(Function<PatchDocument, Function<PropertyMap, PropertyMap>> merge) {
        return in(
                "apply",
                call -> call.rewriting(PatchDocument.class, patch -> {
                            List<Document> old = current(call, patch, patch.id());
                            call.late();
                            PropertyMap before = old.isEmpty()
                                    ? PropertyMap.empty()
                                    : old.get(0).body();
                            return new PutDocument(
                                    patch.collection(),
                                    patch.id(),
                                    merge.apply(patch).apply(before),
                                    old.isEmpty() ? "" : old.get(0).subject(),
                                    patch.condition());
                        })
                        .proceed());
    }

    private static PropertyMap shallow(PropertyMap before, PropertyMap patch, boolean keepNulls) {
        PropertyMap after = before;
        for (Map.Entry<String, @Nullable Object> entry : patch.asMap().entrySet()) {
            after = entry.getValue() == null && !keepNulls
                    ? after.without(entry.getKey())
                    : after.with(entry.getKey(), entry.getValue());
        }
        return after;
    }

    private static List<Defect> patches() {
        return List.of(
                of("patch-replaces", "A patch replaces the document.", "D3", patched(patch -> before -> patch.patch())),
                of(
                        "patch-is-shallow",
                        "A patch replaces nested objects.",
                        "D3",
                        patched(patch -> before -> shallow(before, patch.patch(), false))),
                of(
                        "patch-keeps-nulls",
                        "A null in a patch is stored, instead of removing the member.",
                        "D3",
                        patched(patch -> before -> shallow(before, patch.patch(), true))),
                of(
                        "patch-nested-nulls-kept",
                        "A null in a nested object of a patch is stored where the object is new.",
                        "D3",
                        patched(patch -> before -> {
                            PropertyMap after = before.patched(patch.patch());
                            for (Map.Entry<String, @Nullable Object> entry :
                                    patch.patch().asMap().entrySet()) {
                                if (entry.getValue() instanceof Map && !before.contains(entry.getKey())) {
                                    after = after.with(entry.getKey(), entry.getValue());
                                }
                            }
                            return after;
                        })),
                of(
                        "patch-appends-to-lists",
                        "A list in a patch is appended to the older one.",
                        "D3",
                        patched(patch -> before -> {
                            PropertyMap after = before.patched(patch.patch());
                            for (Map.Entry<String, @Nullable Object> entry :
                                    patch.patch().asMap().entrySet()) {
                                if (entry.getValue() instanceof List<?> list
                                        && before.get(entry.getKey()) instanceof List<?> old) {
                                    List<@Nullable Object> both = new ArrayList<>(old);
                                    both.addAll(list);
                                    after = after.with(entry.getKey(), both);
                                }
                            }
                            return after;
                        })),
                of(
                        "patch-needs-a-document",
                        "A patch of a document that does not exist does nothing.",
                        "D3",
                        in(
                                "apply",
                                call -> call.batch().mutations().get(0) instanceof PatchDocument patch
                                                && current(call, patch, patch.id())
                                                        .isEmpty()
                                        ? call.with(
                                                        io.contextdb.spi.write.WriteBatch.class,
                                                        io.contextdb.spi.write.WriteBatch.of(
                                                                call.batch().namespace(),
                                                                List.of(new PutDocument(
                                                                        "\u0001",
                                                                        "\u0001",
                                                                        PropertyMap.empty(),
                                                                        "",
                                                                        Condition.none()))))
                                                .proceed()
                                        : call.proceed())),
                of(
                        "patch-without-lock",
                        "A document is read before, not within, the commit of its patch.",
                        "D3 G13",
                        patched(patch -> before -> before.patched(patch.patch()))),
                of(
                        "patch-loses-the-subject",
                        "A patched document is about nothing.",
                        "D3 N6",
                        in(
                                "apply",
                                call -> call.rewriting(PatchDocument.class, patch -> {
                                            List<Document> old = current(call, patch, patch.id());
                                            return old.isEmpty()
                                                            || old.get(0)
                                                                    .subject()
                                                                    .isEmpty()
                                                    ? patch
                                                    : new PutDocument(
                                                            patch.collection(),
                                                            patch.id(),
                                                            old.get(0).body().patched(patch.patch()),
                                                            "",
                                                            patch.condition());
                                        })
                                        .proceed())));
    }
}
