package io.contextdb.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contextdb.ContextUrl;
import io.contextdb.spi.BackendConfig;
import io.contextdb.spi.error.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What URLs mean. */
class SettingsTest {
    private static Settings of(String rest) {
        ContextUrl url = ContextUrl.parse("contextdb:redis:" + rest);
        url.check(Settings.OPTIONS);
        return Settings.of(new BackendConfig(url.scheme(), url.location(), url.options(), List.of()));
    }

    @Test
    void hostsPortsUsersAndDatabasesAreRead() {
        Settings settings = of("//me:p%40ss:w%2Frd@redis.example.org/3");
        assertThat(settings.hosts()).containsExactly(new Settings.Host("redis.example.org", 6379));
        assertThat(settings.login()).isEqualTo(new Settings.Login("me", "p@ss:w/rd"));
        assertThat(settings.database()).isEqualTo(3);
        assertThat(settings.toString()).doesNotContain("p@ss");
        assertThat(of("//[::1]:7000?user=a&password=b").hosts()).containsExactly(new Settings.Host("::1", 7000));
        assertThat(of("//a,b:7000?sentinel=main").hosts())
                .containsExactly(new Settings.Host("a", 26_379), new Settings.Host("b", 7000));
    }

    @Test
    void tlsIsVerifiedUnlessEveryHostIsLoopbackOrItIsSaidOtherwise() {
        assertThat(of("//127.0.0.1:6379").tls()).isEqualTo(Settings.Tls.OFF);
        assertThat(of("//localhost").tls()).isEqualTo(Settings.Tls.OFF);
        assertThat(of("//redis.example.org").tls()).isEqualTo(Settings.Tls.VERIFY_FULL);
        assertThat(of("//127.0.0.1.example.org").tls()).isEqualTo(Settings.Tls.VERIFY_FULL);
        assertThat(of("//localhost,redis.example.org?cluster=true").tls()).isEqualTo(Settings.Tls.VERIFY_FULL);
        assertThat(of("//redis.example.org?tls=off").tls()).isEqualTo(Settings.Tls.OFF);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        for (String bad : List.of(
                "",
                "//",
                "redis",
                "//a:99999",
                "//a,b",
                "//a?cluster=true&sentinel=main",
                "//a/1?cluster=true",
                "//a?prefix={x}",
                "//a?prefix=",
                "//a?tls=maybe",
                "//a?tlsCertificate=x",
                "//a?maxQueued=0",
                "//a/1234567890")) {
            assertThatThrownBy(() -> of(bad)).as(bad).isInstanceOf(InvalidRequestException.class);
        }
    }
}
