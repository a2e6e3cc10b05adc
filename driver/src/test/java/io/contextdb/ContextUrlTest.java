package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextUrlTest {
    private static final List<OptionDescriptor<?>> OPTIONS = List.of(
            OptionDescriptor.text("user", "", "Who."),
            OptionDescriptor.integer("pool.maximumSize", 10, 1, 100, "How many."),
            OptionDescriptor.secret("password", "Secret."));

    @Test
    void hasSchemeLocationAndOptions() {
        ContextUrl url = ContextUrl.parse("contextdb:postgresql://h1:1,h2/db?user=a%20b&pool.maximumSize=5&empty=");

        assertThat(url.scheme()).isEqualTo("postgresql");
        assertThat(url.location()).isEqualTo("//h1:1,h2/db");
        assertThat(url.options()).isEqualTo(Map.of("user", "a b", "pool.maximumSize", "5", "empty", ""));
        assertThat(ContextUrl.parse("contextdb:embedded:C:\\data\\x").location())
                .isEqualTo("C:\\data\\x");
        assertThat(ContextUrl.parse("contextdb:memory:").location()).isEmpty();
    }

    @Test
    void aUrlInsideNeedsLittleEncoding() {
        ContextUrl url =
                ContextUrl.parse("contextdb:scaled:?graph=postgresql://h/db?user=x%26password=p&keys=redis://r");

        assertThat(url.options().get("graph")).isEqualTo("postgresql://h/db?user=x&password=p");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "contextdb",
                "contextdb:",
                "contextdb:memory",
                "contextdb:UPPER:x",
                "jdbc:postgresql://h",
                "contextdb:memory:?a",
                "contextdb:memory:?=1",
                "contextdb:memory:?a=1&a=2",
                "contextdb:memory:?a=%",
                "contextdb:memory:?a=%zz",
                "contextdb:memory:?a=%ff",
                "contextdb:memory:?a=#",
                "contextdb:memory:\0"
            })
    void refusesWhatIsMalformed(String url) {
        assertThatThrownBy(() -> ContextUrl.parse(url)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void namesTheNearestOption() {
        assertThatThrownBy(() -> ContextUrl.parse("contextdb:x:?pool.maxSize=5").check(OPTIONS))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("'pool.maxSize'")
                .hasMessageContaining("did you mean pool.maximumSize?");
        assertThatThrownBy(() ->
                        ContextUrl.parse("contextdb:x:?pool.maximumSize=500").check(OPTIONS))
                .hasMessageContaining("pool.maximumSize")
                .hasMessageContaining("500")
                .hasMessageContaining("100");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contextdb:postgresql://user:hunter2@host/db",
                "contextdb:postgresql://host/db?password=hunter2",
                "contextdb:remote://host?token=hunter2",
                "contextdb:openai:?apiKey=hunter2&x=1",
                "contextdb:scaled:?graph=postgresql://u:hunter2@h/db",
                "contextdb:scaled:?graph=postgresql://h/db?password=hunter2",
                "contextdb:postgresql://user:hun%40ter2:hunter2@host/db"
            })
    void hidesSecrets(String url) {
        assertThat(ContextUrl.parse(url).redacted()).doesNotContain("hunter2").contains("****");
        assertThat(ContextUrl.parse(url)).hasToString(ContextUrl.parse(url).redacted());
    }

    /** 100,000 random URLs; {@code -Dcontextdb.fuzz=1000000} for more. */
    @Test
    void noUrlDoesMoreThanBeRefused() {
        Random random = new Random(Long.getLong("contextdb.seed", 29));
        List<String> parts = List.of(
                "contextdb:",
                "memory",
                "postgresql",
                ":",
                "//",
                "user",
                "@",
                "?",
                "&",
                "=",
                "a",
                "%20",
                "%",
                "%f",
                "#",
                "/",
                "password",
                "hunter2",
                "\uD83D",
                "\uDE00",
                "é",
                "\0",
                "\n",
                "+",
                "..",
                "graph=postgresql://u:p@h?x=y");
        for (int i = Integer.getInteger("contextdb.fuzz", 100_000); i > 0; i--) {
            StringBuilder url = new StringBuilder(random.nextInt(4) > 0 ? "contextdb:x:" : "");
            for (int n = random.nextInt(10); n > 0; n--) {
                url.append(parts.get(random.nextInt(parts.size())));
            }
            try {
                ContextUrl parsed = ContextUrl.parse(url.toString());
                assertThat(parsed.redacted()).startsWith("contextdb:");
                parsed.check(OPTIONS);
            } catch (InvalidRequestException refused) {
                assertThat(refused.field()).isNotEmpty();
            }
        }
    }
}
