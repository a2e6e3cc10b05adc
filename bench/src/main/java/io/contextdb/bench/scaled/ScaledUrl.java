package io.contextdb.bench.scaled;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** URLs of several stores, in a schema and under prefixes of their own. */
public final class ScaledUrl {
    private ScaledUrl() {}

    /** Returns PostgreSQL with Redis as home of keys and events. */
    public static String of(String name, String postgresql, String redis) {
        return "contextdb:scaled:?graph=" + part(postgresql, "schema=" + name) + "&keys="
                + part(redis, "prefix=" + name) + "&events=" + part(redis, "prefix=" + name);
    }

    /** Returns the three. */
    public static String of(String name, String postgresql, String redis, String qdrant) {
        return of(name, postgresql, redis) + "&vectors=" + part(qdrant, "prefix=" + name + "_");
    }

    /** Returns a source and a copy of its vectors, both URLs without {@code contextdb:} and with their options. */
    static String copied(String source, String copy) {
        return "contextdb:scaled:?graph=" + URLEncoder.encode(source, StandardCharsets.UTF_8) + "&vectors="
                + URLEncoder.encode(copy, StandardCharsets.UTF_8);
    }

    private static String part(String url, String option) {
        return URLEncoder.encode(url + (url.contains("?") ? "&" : "?") + option, StandardCharsets.UTF_8);
    }
}
