package io.contextdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.spi.Backend;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.BackendProvider;
import io.contextdb.spi.NetworkLocation;
import io.contextdb.spi.OptionDescriptor;
import io.contextdb.spi.error.AccessDeniedException;
import io.contextdb.spi.error.InvalidRequestException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a URL, nothing that is said of it shows a secret. */
class SecretsTest {
    private static final String MARKER = "Zq7xMARKERw9";
    private static final int URLS = Integer.getInteger("contextdb.fuzz", 10_000);

    /** A store of a server that nobody can log in to. */
    private record Locked(String scheme) implements BackendProvider {
        @Override
        public String description() {
            return "Refuses everybody.";
        }

        @Override
        public List<OptionDescriptor<?>> options() {
            return List.of(
                    OptionDescriptor.text("user", "", "Who."),
                    OptionDescriptor.secret("password", "Secret."),
                    OptionDescriptor.secret("jdbc.sslpassword", "Secret."),
                    OptionDescriptor.integer("poolSize", 10, 1, 100, "How many."),
                    OptionDescriptor.duration(
                            "connectTimeout",
                            Duration.ofSeconds(5),
                            Duration.ofMillis(1),
                            Duration.ofDays(1),
                            "How long."),
                    OptionDescriptor.flag("journal", false, "Whether."));
        }

        @Override
        public Backend open(BackendConfig config) {
            NetworkLocation network = config.network();
            throw new AccessDeniedException("refused " + config + " at " + network, null);
        }
    }

    private final List<BackendProvider> providers =
            List.of(new Locked("postgresql"), new Locked("redis"), new Locked("embedded"));

    @BeforeEach
    void register() {
        providers.forEach(ContextDriverManager::register);
    }

    @AfterEach
    void deregister() {
        providers.forEach(ContextDriverManager::deregister);
    }

    /** Everything that can be said of a URL. */
    private static String said(String url) {
        StringWriter said = new StringWriter();
        try {
            ContextUrl parsed = ContextUrl.parse(url);
            said.append(parsed.toString())
                    .append('\n')
                    .append(parsed.redacted())
                    .append('\n');
        } catch (InvalidRequestException refused) {
            said.append(refused.toString());
        }
        try (ContextConnection connection = ContextDriverManager.getConnection(url)) {
            said.append(connection.info().toString()).append(connection.health().toString());
        } catch (RuntimeException refused) {
            refused.printStackTrace(new PrintWriter(said, true));
        }
        return said.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contextdb:postgresql:u:PW@h",
                "contextdb:postgresql:/u:PW@h/db",
                "contextdb:postgresql:PW@h",
                "contextdb:u:PW@h",
                "contextdb:postgresql:u:PW",
                "contextdb:postgresql://u:PW",
                "contextdb:postgresql://u:PW/db",
                "contextdb:postgresql://u:PW@",
                "contextdb:postgresql://PW@h/db",
                "contextdb:postgresql://u:a?PW@h/db",
                "contextdb:postgresql://u:a?PW=b@h/db",
                "contextdb:postgresql://u:12?PW=b@h/db",
                "contextdb:postgresql://u:12?user=PW@h/db",
                "contextdb:postgresql://u:a?connectTimeout=PW@h/db",
                "contextdb:postgresql://u:a#PW@h/db",
                "contextdb:postgresql://u:a@PW@h/db",
                "contextdb:postgresql://u:a/PW@h/db",
                "contextdb:postgresql://u:a%PW@h/db",
                "contextdb:postgresql://h/db?password=a&PW",
                "contextdb:postgresql://h/db?password=a&PW=b",
                "contextdb:postgresql://h/db?password=a#PW",
                "contextdb:postgresql://h/db?password=a%PW",
                "contextdb:postgresql://h/db?pasword=PW",
                "contextdb:postgresql://h/db?pw=PW",
                "contextdb:postgresql://h/db?sslpassword=PW",
                "contextdb:postgresql://h/db?jdbc.sslpassword=PW",
                "contextdb:postgresql://h/db;password=PW",
                "contextdb:postgresql://h/db&password=PW",
                "contextdb:postgresql:jdbc:postgresql://h/db?password=PW",
                "contextdb:jdbc:postgresql://u:PW@h/db",
                "jdbc:postgresql://h/db?password=PW",
                "postgresql://u:PW@h/db",
                "contextdb:scaled:?graph=postgresql://u:PW@h/db",
                "contextdb:scaled:?graph=postgresql:u:PW@h/db",
                "contextdb:scaled:?graph=u:PW@h/db",
                "contextdb:scaled:?graph=postgresql://u:a?PW@h/db",
                "contextdb:scaled:?graph=postgresql://h/db?password=PW",
                "contextdb:scaled:?graph=postgresql://h/db?password=a&PW=x",
                "contextdb:scaled:?graph=postgresql://h/db%3Fpassword=a%26PW=x",
                "contextdb:scaled:?graph=postgresql://u:a%253FPW=x@h/db",
                "contextdb:scaled:?graph=postgresql://u:a&PW=x@h/db",
                "contextdb:scaled:?graph=postgresql://h/db&keys=redis://u:a%23PW@h",
                "contextdb:scaled://u:PW@h?graph=memory:x"
            })
    void whatPeopleGetWrongShowsNothing(String url) {
        assertThat(said(url.replace("PW", MARKER))).doesNotContain(MARKER);
        assertThat(said(url.replace("PW", "p%40" + MARKER))).doesNotContain(MARKER);
    }

    @Test
    void noMalformedUrlShowsASecret() {
        long seed = Long.getLong("contextdb.seed", 31);
        Random random = new Random(seed);
        for (int i = 0; i < URLS; i++) {
            String url = malformed(random);
            assertThat(said(url)).as("seed %d: %s", seed, url).doesNotContain(MARKER);
        }
    }

    private static String malformed(Random random) {
        String url = random.nextInt(3) > 0 ? single(random) : scaled(random);
        StringBuilder text = new StringBuilder(url);
        // Characters lost, doubled or put where they do not belong, but not within the marker.
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(text.length());
            int marker = text.indexOf(MARKER);
            if (marker >= 0 && at > marker && at < marker + MARKER.length()) {
                continue;
            }
            // Where the last @ is lost, a password with another is no different from a user, a password and a host.
            boolean kept = "@%40".indexOf(text.charAt(at)) >= 0 || text.indexOf(MARKER) == at;
            if (random.nextBoolean() && !kept) {
                text.deleteCharAt(at);
            } else {
                text.insert(at, pick(random, "@", ":", "/", "?", "#", "%", "&", "=", ";", " ", "+", "//", "%40", "%2"));
            }
        }
        return text.toString();
    }

    private static String single(Random random) {
        return pick(random, "contextdb:", "contextdb:", "contextdb:", "contextdb:jdbc:", "jdbc:", "") + inner(random);
    }

    private static String scaled(Random random) {
        List<String> parts = new ArrayList<>();
        parts.add("graph=" + inside(random));
        if (random.nextBoolean()) {
            parts.add("keys=" + inside(random));
        }
        if (random.nextBoolean()) {
            parts.add(pick(random, "password=" + MARKER, "keys.password=" + MARKER, "relay=false"));
        }
        return "contextdb:scaled:?" + String.join("&", parts);
    }

    private static String inside(Random random) {
        String inner = inner(random);
        return random.nextBoolean() ? inner : URLEncoder.encode(inner, StandardCharsets.UTF_8);
    }

    private static String inner(Random random) {
        String scheme = pick(random, "postgresql", "redis", "redis", "mysql", "user");
        String start = pick(random, "://", "://", "://", ":", ":/", ":///");
        boolean inLocation = random.nextBoolean();
        String login = inLocation
                ? pick(random, "u:", "u:", ":", "", "u%3A") + password(random) + "@"
                : pick(random, "", "", "u@", "u:other@");
        String host = pick(random, "h", "h:5432", "h,i", "", "[::1]:1");
        String path = pick(random, "/db", "/0", "", "/");
        String name = pick(random, "password", "jdbc.sslpassword", "sslpassword", "pw", "pasword", "apiKey", "auth");
        String options = inLocation
                ? pick(random, "", "?poolSize=3", "?journal=true&connectTimeout=3s")
                : pick(random, "?", "?poolSize=3&", "?user=u&", ";", "&") + name + "=" + password(random)
                        + pick(random, "", "&poolSize=3");
        return scheme + start + login + host + path + options;
    }

    /** A password with the marker at its begin, middle or end, and what people have in passwords. */
    private static String password(Random random) {
        return part(random) + MARKER + part(random);
    }

    private static String part(Random random) {
        StringBuilder part = new StringBuilder();
        for (int n = random.nextInt(4); n > 0; n--) {
            part.append(pick(
                    random, "a", "1", "?", "#", "@", "/", ":", "%", "&", "=", "%3F", "%40", "%25", ";", "+", ".", "é"));
        }
        return part.toString();
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    @Test
    void aPasswordMayHaveAnyCharacterIfItIsEncoded() {
        String password = "a?b#c@d/e:f%g&h=i;j+k é~" + MARKER;
        String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
        ContextUrl url = ContextUrl.parse("contextdb:postgresql://u%40x:" + encoded + "@h:1/db?password=" + encoded);

        assertThat(NetworkLocation.of(url.location())).isEqualTo(new NetworkLocation("u@x", password, "//h:1/db"));
        assertThat(url.options()).containsEntry("password", password);
        assertThat(url.redacted()).isEqualTo("contextdb:postgresql://****@h:1/db?password=****");
    }

    @Test
    void whatIsNotEncodedIsRefusedWithTheFormToWrite() {
        for (String[] bad : new String[][] {
            {"contextdb:postgresql://u:a?b@h/db", "%3F"},
            {"contextdb:postgresql://u:a?b=c@h/db", "%3F"},
            {"contextdb:postgresql://u:a#b@h/db", "%23"},
            {"contextdb:postgresql://u:a@b@h/db", "%40"},
            {"contextdb:postgresql://u:a/b@h/db", "%2F"},
            {"contextdb:postgresql://u:a%b@h/db", "%25"},
            {"contextdb:postgresql://h/db?password=a#b", "%23"},
            {"contextdb:postgresql://h/db?password=a&b", "%26"}
        }) {
            assertThatThrownBy(() -> ContextUrl.parse(bad[0]))
                    .as(bad[0])
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(bad[1]);
        }
    }

    @Test
    void aMisspeltOptionIsNamedWhereItCanBeNoSecret() {
        for (String url : List.of(
                "contextdb:redis://127.0.0.1:6379?user=app&noSuchOption=1",
                "contextdb:redis://me:p%40w@127.0.0.1:6379?noSuchOption=1",
                "contextdb:postgresql://h:1/db?password=p&poolSize=3&noSuchOption=1",
                "contextdb:embedded:C:\\data?noSuchOption=1",
                "contextdb:scaled:?graph=postgresql%3A%2F%2Fh%2Fdb%3Fuser%3Dapp&noSuchOption=1")) {
            assertThatThrownBy(() -> ContextDriverManager.getConnection(url))
                    .as(url)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("'noSuchOption'");
        }
    }

    @Test
    void whatIsHarmlessIsShown() {
        assertThat(ContextUrl.parse("contextdb:postgresql://h:1,[::1]:2/my_db?user=app&poolSize=3&journal=true")
                        .redacted())
                .isEqualTo("contextdb:postgresql://h:1,[::1]:2/my_db?journal=true&poolSize=3&user=app");
        assertThat(ContextUrl.parse("contextdb:embedded:C:\\my data\\x").redacted())
                .isEqualTo("contextdb:embedded:C:\\my data\\x");
        assertThat(ContextUrl.parse("contextdb:scaled:?graph=postgresql://u:p@h/db&keys=redis://r:6379&relay=false")
                        .redacted())
                .isEqualTo("contextdb:scaled:?graph=postgresql://****@h/db&keys=redis://r:6379&relay=false");
    }
}
