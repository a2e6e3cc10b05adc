package io.contextdb.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.core.domain.ThrowsDeclaration;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What users see names nothing that they cannot see. */
class PublicSignatureTest {
    private record Mention(String where, JavaClass type) {}

    @Test
    void noInternalTypeIsInAPublicSignature() {
        assertThat(Modules.CLASSES.stream()
                        .filter(PublicSignatureTest::isApi)
                        .flatMap(PublicSignatureTest::mentions)
                        .filter(mention -> Modules.isOurs(mention.type()) && Modules.isInternal(mention.type()))
                        .map(mention ->
                                mention.where() + " names " + mention.type().getName())
                        .distinct())
                .as("internal types in public signatures")
                .isEmpty();
    }

    private static boolean isApi(JavaClass type) {
        return !Modules.isInternal(type)
                && isVisible(type.getModifiers())
                && type.getEnclosingClass().map(PublicSignatureTest::isApi).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<Mention> mentions(JavaClass type) {
        Stream<JavaType> parents = Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
        return Stream.of(
                        mentions(type.getName(), parents),
                        bounds(type.getName(), type.getTypeParameters()),
                        type.getFields().stream()
                                .filter(field -> isVisible(field.getModifiers()))
                                .flatMap(PublicSignatureTest::mentions),
                        type.getCodeUnits().stream()
                                .filter(unit -> isVisible(unit.getModifiers()))
                                .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                                .flatMap(PublicSignatureTest::mentions))
                .flatMap(stream -> stream);
    }

    private static Stream<Mention> mentions(JavaField field) {
        return mentions(field.getFullName(), Stream.of(field.getType()));
    }

    private static Stream<Mention> mentions(JavaCodeUnit unit) {
        Stream<JavaType> types = Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
        Stream<JavaType> thrown = unit.getThrowsClause().stream().map(ThrowsDeclaration::getType);
        return Stream.concat(
                mentions(unit.getFullName(), Stream.concat(types, thrown)),
                bounds(unit.getFullName(), unit.getTypeParameters()));
    }

    private static Stream<Mention> bounds(String where, Iterable<? extends JavaTypeVariable<?>> variables) {
        return StreamSupport.stream(variables.spliterator(), false)
                .flatMap(variable -> mentions(where, variable.getBounds().stream()));
    }

    private static Stream<Mention> mentions(String where, Stream<? extends JavaType> types) {
        return types.flatMap(type -> type.getAllInvolvedRawTypes().stream()).map(raw -> new Mention(where, raw));
    }
}
