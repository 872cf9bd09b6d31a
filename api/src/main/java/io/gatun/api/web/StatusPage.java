package io.gatun.api.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** {@code GET /} and what that page needs. */
public final class StatusPage {
    /** Nothing but this node's own files and answers; no script in the page, and no text becomes markup. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    static final String PAGE = "status.html";
    static final List<String> FILES = List.of(
            "status.css", "status.js", "stream.js", "services.js", "table.js", "charts.js", "words.js", "icon.svg");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "svg", "image/svg+xml;charset=utf-8");

    private StatusPage() {}

    public static void register(RoutesConfig routes) {
        routes.get("/", context -> send(context, PAGE));
        FILES.forEach(file -> routes.get("/" + file, context -> send(context, file)));
    }

    /** Read when asked for: few nodes are ever looked at. */
    private static void send(Context context, String name) throws IOException {
        try (InputStream file = StatusPage.class.getResourceAsStream(name)) {
            context.header("Content-Security-Policy", POLICY)
                    .header("X-Content-Type-Options", "nosniff")
                    .header("Referrer-Policy", "no-referrer")
                    .header("Cache-Control", "no-cache")
                    .contentType(TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
                    .result(file.readAllBytes());
        }
    }
}
